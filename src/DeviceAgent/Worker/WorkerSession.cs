using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Sessions;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Worker;

/// <summary>Measures what the plan says, on the calling thread, with the machine to itself. Every run of the plan gets an answer.</summary>
internal sealed class WorkerSession(WorkerPlan plan, EventWriter events, TimeProvider time)
{
    private const string AsIs = "as-is";

    private readonly BoardRoot root = new();

    /// <exception cref="OperationCanceledException">Cancelled; runs not answered yet stay so.</exception>
    public void Run(CancellationToken cancel)
    {
        var started = time.GetUtcNow();
        var pin = ProcessorPin.PinCurrentThread(root);
        TestInputs test;
        try
        {
            test = ReadTestSet();
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            Fail(plan.Variants.SelectMany(variant => variant.Runs), started, new Reason(ReasonCodes.ArtefactUnusable, Detail: error.Message));
            return;
        }

        var loaders = plan.Variants.ToDictionary(variant => variant.Variant, variant => new VariantLoader(variant, test));
        string[] clocks = [.. plan.Variants.SelectMany(variant => variant.Runs).Select(run => run.Clock).Distinct().OrderBy(clock => clock != AsIs)];
        for (var i = 0; i < clocks.Length; i++)
        {
            MeasureClock(clocks[i], loaders, Board.Of(root, pin.Core ?? 0), (share, text) => events.Progress((i + share) / clocks.Length, text), cancel);
        }
    }

    private void MeasureClock(string clock, Dictionary<string, VariantLoader> loaders, Board board, Action<double, string> progress, CancellationToken cancel)
    {
        var started = time.GetUtcNow();
        var wanted = plan.Variants.ToDictionary(variant => variant.Variant, variant => variant.Runs.Where(run => run.Clock == clock).ToList());
        var modes = wanted.Values.SelectMany(runs => runs).Select(run => InferenceModes.Parse(run.Mode)).Distinct().Order().ToList();
        var variants = plan.Variants.Where(variant => wanted[variant.Variant].Count > 0 || variant.Variant == plan.Reference).ToList();
        try
        {
            using var setting = clock == AsIs ? null : BoardSettings.SetPerformance(root, plan.SettingsToRestore);
            var session = new SessionPlan
            {
                Variants = [.. variants.Select(variant => new SessionVariant(variant.Variant, variant.Name, loaders[variant.Variant].Load))],
                Reference = plan.Reference,
                Modes = modes,
                Seed = plan.Seed,
                Settings = plan.Settings,
            };
            var answered = 0;
            new SessionRunner(new SystemClock(), board).Run(session, Answer, step => progress(step.Share, step.Activity), cancel);

            void Answer(RunOutcome outcome)
            {
                foreach (var run in wanted[outcome.Variant].Where(run => run.Mode == outcome.Mode.Text()))
                {
                    if (outcome.Measurement is { } measurement)
                    {
                        events.Result(run.Run, started, Complete(measurement));
                    }
                    else
                    {
                        events.Failure(run.Run, started, outcome.Failure!);
                    }
                }

                // All variants of a mode are measured side by side: the next mode begins when the last of them is answered.
                started = ++answered % variants.Count == 0 ? time.GetUtcNow() : started;
            }
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            Fail(wanted.Values.SelectMany(runs => runs), started, new Reason(ReasonCodes.SessionFailed, Detail: error.Message));
        }
    }

    private RunMeasurement Complete(RunMeasurement measurement) => measurement with
    {
        // The peak is the process's: it says something of a variant only where that had the process to itself.
        PeakRssBytes = plan.Variants.Count == 1 ? PeakMemory.Read(root) : null,
        EnergySource = measurement.EnergySource ?? "none",
    };

    private TestInputs ReadTestSet()
    {
        var bytes = VariantLoader.ReadChecked(plan.TestSet, $"test set of {plan.Task}");
        var test = TaskPack.Read(bytes, $"test set of {plan.Task} ({plan.TestSet.Sha256})");
        return test.Metadata.Split == PackMetadata.TestSplit
            ? TestInputs.Of(test)
            : throw new FormatException($"test set of {plan.Task}: the pack holds the {test.Metadata.Split} part; devices measure on the test part alone.");
    }

    private void Fail(IEnumerable<WorkerRun> runs, DateTimeOffset started, Reason reason)
    {
        foreach (var run in runs)
        {
            events.Failure(run.Run, started, reason);
        }
    }
}
