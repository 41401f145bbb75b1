using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Boards.Collectors;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Sessions;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Worker;

/// <summary>Measures what the plan says, on the calling thread, with the machine to itself. Every run of the plan gets an answer.</summary>
internal sealed class WorkerSession(WorkerPlan plan, EventWriter events, TimeProvider time)
{
    private readonly BoardRoot root = new();

    /// <exception cref="OperationCanceledException">Cancelled; runs not answered yet stay so.</exception>
    public void Run(CancellationToken cancel)
    {
        var started = time.GetUtcNow();
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
        // What the board is set to changes as seldom as can be: all modes under one setting, one after the other.
        var runs = plan.Variants.SelectMany(variant => variant.Runs);
        Condition[] settings = [.. runs.Select(SettingOf).Distinct().OrderBy(setting => (int)setting.Clock)];
        for (var i = 0; i < settings.Length; i++)
        {
            MeasureUnder(settings[i], loaders, (share, text) => events.Progress((i + share) / settings.Length, text), cancel);
        }
    }

    /// <summary>What of the condition is a setting of the board, not of the model.</summary>
    private static Condition SettingOf(WorkerRun run) => ConditionText.Parse(run.Condition) with { Mode = default };

    private static InferenceMode ModeOf(WorkerRun run) => ConditionText.Parse(run.Condition).Mode;

    private void MeasureUnder(Condition setting, Dictionary<string, VariantLoader> loaders, Action<double, string> progress, CancellationToken cancel)
    {
        var started = time.GetUtcNow();
        var wanted = plan.Variants.ToDictionary(variant => variant.Variant, variant => variant.Runs.Where(run => SettingOf(run) == setting).ToList());
        var modes = wanted.Values.SelectMany(runs => runs).Select(ModeOf).Distinct().Order().ToList();
        var variants = plan.Variants.Where(variant => wanted[variant.Variant].Count > 0 || variant.Variant == plan.Reference).ToList();
        try
        {
            var pin = ProcessorPin.PinCurrentThread(root, setting.Cores);
            using var clock = setting.Clock == ClockPolicy.AsIs ? null : BoardSettings.SetPerformance(root, plan.SettingsToRestore);
            var session = new SessionPlan
            {
                Variants = [.. variants.Select(variant => new MeasuredVariant(variant.Variant, variant.Name, loaders[variant.Variant].Load))],
                Reference = plan.Reference,
                Modes = modes,
                Seed = plan.Seed,
                Settings = plan.Settings,
                Pin = pin,
            };
            var answered = 0;
            var board = new Board(root, BoardCollectors.All(pin.Core ?? 0));
            new SessionRunner(new SystemClock(), board).Run(session, Answer, step => progress(step.Share, step.Activity), cancel);

            void Answer(RunOutcome outcome)
            {
                foreach (var run in wanted[outcome.Variant].Where(run => ModeOf(run) == outcome.Mode))
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
        catch (SettingRefusedException error)
        {
            Fail(wanted.Values.SelectMany(runs => runs), started, new Reason(ReasonCodes.NotSupported, Detail: error.Message));
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
