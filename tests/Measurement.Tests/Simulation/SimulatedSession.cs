using Fleet.Domain.Measuring;
using Fleet.Measurement.Models;
using Fleet.Measurement.Sessions;
using Fleet.Measurement.Stages;

namespace Fleet.Measurement.Tests.Simulation;

/// <summary>A session on a simulated board: dense and whatever a test sets beside it, in window mode unless it says otherwise.</summary>
internal sealed class SimulatedSession(SimulatedBoard board)
{
    private readonly List<MeasuredVariant> variants = [];
    private readonly Dictionary<int, Action> beforeRounds = [];

    public ProtocolSettings Settings { get; init; } = new();

    public ulong Seed { get; init; } = 1;

    public IReadOnlyList<InferenceMode> Modes { get; init; } = [InferenceMode.Window];

    public string Reference { get; init; } = "dense";

    public List<RunOutcome> Outcomes { get; } = [];

    public List<MeasuringProgress> Progress { get; } = [];

    public SimulatedSession With(string name, double microseconds, Func<long, double>? noise = null) =>
        With(name, () => new SimulatedModel(board, microseconds) { Noise = noise ?? (_ => 1) });

    public SimulatedSession With(string name, Func<IMeasuredModel> load)
    {
        variants.Add(new(name, name, load));
        return this;
    }

    /// <summary>Something that happens before the round of this number, from 1, of the first condition.</summary>
    public SimulatedSession BeforeRound(int round, Action change)
    {
        beforeRounds.Add(round, change);
        return this;
    }

    public SimulatedSession Run(CancellationToken cancel = default)
    {
        SessionPlan plan = new() { Variants = variants, Reference = Reference, Modes = Modes, Seed = Seed, Settings = Settings };
        new SessionRunner(board.Clock, board.Board, new CodeSettling(board.Clock, () => 0)).Run(plan, Outcomes.Add, OnProgress, cancel);
        return this;
    }

    public RunMeasurement Measured(string name) => Outcome(name).Measurement ?? throw new InvalidOperationException(Outcome(name).Failure?.ToString());

    public RunOutcome Outcome(string name) => Outcomes.Single(outcome => outcome.Variant == name);

    private void OnProgress(MeasuringProgress progress)
    {
        Progress.Add(progress);
        int round = progress.Activity.StartsWith("measuring", StringComparison.Ordinal) ? int.Parse(progress.Activity.Split(' ')[^1]) : 0;
        if (beforeRounds.Remove(round, out Action? change))
        {
            change();
        }
    }
}
