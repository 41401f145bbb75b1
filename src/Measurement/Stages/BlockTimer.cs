using System.Runtime.CompilerServices;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Models;

namespace Fleet.Measurement.Stages;

/// <summary>What the timed loop of one block gave.</summary>
/// <param name="Samples">Ticks of each sample, of a batch's inferences each; valid until the timer runs again.</param>
/// <param name="StartTicks">When it began.</param>
/// <param name="EndTicks">When it ended.</param>
/// <param name="Collections">Garbage collections meanwhile.</param>
/// <param name="AllocatedBytes">What the loop allocated.</param>
/// <param name="Difference">How an output differed from the expected one; null if those looked at agreed.</param>
public readonly record struct TimedBlock(
    ReadOnlyMemory<long> Samples, long StartTicks, long EndTicks, int Collections, long AllocatedBytes, string? Difference);

/// <summary>The third stage's innermost part: the timed loop, with one reading of the clock a sample and nothing allocated.</summary>
/// <param name="clock">Times the samples.</param>
/// <param name="blockTicks">A block ends with the sample that reaches this.</param>
/// <param name="batch">Inferences a sample.</param>
/// <param name="capacity">Samples after which a block ends at the latest.</param>
public sealed class BlockTimer(IMeasuringClock clock, long blockTicks, int batch, int capacity)
{
    private readonly long[] samples = new long[capacity];

    /// <param name="inference">What is timed.</param>
    /// <param name="checkAt">
    /// The sample after which the output is compared with the expected one, outside the timed span; if the block is shorter, its last.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TimedBlock Run(IInference inference, int checkAt)
    {
        int count = 0;
        string? difference = null;
        int collections = GC.CollectionCount(0);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = clock.Timestamp(), last = start;
        do
        {
            for (int i = 0; i < batch; i++)
            {
                inference.Run();
            }

            long now = clock.Timestamp();
            samples[count++] = now - last;
            last = now;
            if (count - 1 == checkAt)
            {
                difference = inference.CheckOutput();
                last = clock.Timestamp();
            }
        }
        while (last - start < blockTicks && count < samples.Length);

        long end = last;
        if (count <= checkAt)
        {
            difference = inference.CheckOutput();
        }

        // A difference's own words are no allocation of the loop's.
        allocated = difference is null ? GC.GetAllocatedBytesForCurrentThread() - allocated : 0;
        return new(samples.AsMemory(0, count), start, end, GC.CollectionCount(0) - collections, allocated, difference);
    }
}
