using System.Runtime;
using System.Runtime.CompilerServices;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Models;

namespace Fleet.Measurement.Stages;

/// <summary>
/// Before anything is timed: runs throw-away copies of the models until the code itself is there. Compiled ahead, that is one pass, which
/// reads the program's pages from disk; under the JIT it goes on until a pass compiles nothing new, for unsettled code is up to 20x slower.
/// Without it, the first variant's cold inference would pay for the code of all.
/// </summary>
public sealed class CodeSettling(IMeasuringClock clock, Func<long> compiledMethods)
{
    /// <summary>Passes under the JIT that must compile nothing.</summary>
    private const int QuietPasses = 2;

    private const int MaxPasses = 20;

    /// <summary>The runtime counts calls to 30 before it compiles a method again.</summary>
    private const int CallsPerPass = 40;

    private static readonly TimeSpan PassLimit = TimeSpan.FromMilliseconds(20);

    /// <summary>The runtime compiles again in the background after 100 ms in which no new method was called.</summary>
    private static readonly TimeSpan BackgroundDelay = TimeSpan.FromMilliseconds(150);

    public static CodeSettling OfThisProcess(IMeasuringClock clock) =>
        new(clock, () => RuntimeFeature.IsDynamicCodeCompiled ? JitInfo.GetCompiledMethodCount(currentThread: false) : 0);

    public void Run(IReadOnlyList<IInference> inferences, CancellationToken cancel)
    {
        List<IInference> working = [.. inferences];
        long before = -1;
        for (int pass = 0, quiet = 0; pass < MaxPasses && quiet < QuietPasses; pass++)
        {
            working.RemoveAll(inference => !Survives(inference, cancel));

            long compiled = compiledMethods();
            if (compiled == 0)
            {
                return;
            }

            quiet = compiled == before ? quiet + 1 : 0;
            before = compiled;
            clock.Wait(BackgroundDelay, cancel);
        }
    }

    /// <summary>A model that fails here is left alone: it is loaded again to be measured, and there its failure is told.</summary>
    private bool Survives(IInference inference, CancellationToken cancel)
    {
        try
        {
            RunFor(inference, cancel);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>At least the limit and the calls, but no more than ten times the limit: a slow model needs few calls, for its loops are long.</summary>
    private void RunFor(IInference inference, CancellationToken cancel)
    {
        long start = clock.Timestamp(), limit = clock.Ticks(PassLimit), elapsed;
        int calls = 0;
        do
        {
            cancel.ThrowIfCancellationRequested();
            inference.Run();
            inference.CheckOutput();
            calls++;
            elapsed = clock.Timestamp() - start;
        }
        while (elapsed < limit || (calls < CallsPerPass && elapsed < 10 * limit));
    }
}
