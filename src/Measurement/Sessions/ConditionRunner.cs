using Fleet.Domain.Text;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Judging;
using Fleet.Measurement.Stages;
using Fleet.Statistics;

namespace Fleet.Measurement.Sessions;

/// <summary>How the rounds of a condition went.</summary>
internal sealed record ConditionEnd(string StoppedBy, int Rounds, int BatchSize);

/// <summary>Warm-up, pilot and rounds of all variants in one mode.</summary>
internal sealed class ConditionRunner(SessionContext context, InferenceMode mode, SeededRandom random)
{
    /// <summary>
    /// Blocks this much faster than the fastest of warm-up mean that it had not ended. Looked for in the first rounds only: what shifts later
    /// is the board, not the code, and belongs to the data.
    /// </summary>
    private const double SpeedShift = 0.75;

    private const int MaxRestarts = 2;

    private static readonly TimeSpan WarmUpSample = TimeSpan.FromMilliseconds(10);

    private readonly IMeasuringClock clock = context.Clock;
    private readonly ProtocolSettings settings = context.Plan.Settings;
    private readonly ThermalGate gate = new(context.Clock, context.Board, context.Start, context.Plan.Settings);
    private readonly List<Contender> active = [];
    private readonly Dictionary<string, Reason> failures = [];
    private int batch = 1;
    private BlockTimer? timer;

    /// <summary>Why a variant's run in this mode could not be measured, by its key.</summary>
    public IReadOnlyDictionary<string, Reason> Failures => failures;

    /// <summary>Measures until the intervals are narrow enough, or a limit. Contenders that fail leave; the others go on.</summary>
    public ConditionEnd Run(IReadOnlyList<Contender> contenders, Action<double, string> progress, CancellationToken cancel)
    {
        active.AddRange(contenders);
        Settle(progress, cancel);

        HashSet<int> looks = [.. RoundOrder.Looks(settings.MinRounds, settings.MaxRounds)];
        long start = clock.Timestamp();
        for (int round = 0, restarts = 0, firstRound = 0; ; round++)
        {
            if (active.Count == 0)
            {
                return new("no variant left", round, batch);
            }

            int done = round - firstRound;
            double limitShare = (clock.Seconds(clock.Timestamp() - start) - gate.Waited.TotalSeconds) / settings.TimeLimit.TotalSeconds;
            if (looks.Contains(done) && IsNarrow(round))
            {
                return new("width reached", round, batch);
            }

            if (done >= settings.MaxRounds)
            {
                return new("most rounds", round, batch);
            }

            if (limitShare >= 1)
            {
                return new("time limit", round, batch);
            }

            progress(Math.Max(limitShare, (double)done / settings.MaxRounds), $"measuring {mode.Word()}, round {done + 1}");
            MeasureRound(round, cancel);

            if (restarts < MaxRestarts
                && done < settings.MinRounds
                && active.Any(contender => contender.Rounds.IsFasterThan(round, SpeedShift * contender.WarmMicroseconds)))
            {
                restarts++;
                firstRound = round + 1;
                active.ForEach(contender => contender.Rounds.Void(new Reason(ReasonCodes.Unsettled)));
                Settle(progress, cancel);
            }
        }
    }

    private void Settle(Action<double, string> progress, CancellationToken cancel)
    {
        progress(0, $"warming up {mode.Word()}");
        long sample = clock.Ticks(WarmUpSample < settings.BlockDuration ? WarmUpSample : settings.BlockDuration);
        foreach (Contender contender in active.ToArray())
        {
            Guarded(contender, () => contender.WarmMicroseconds = clock.Microseconds(WarmUp.Run(contender.Inference, clock, sample, cancel)));
        }

        if (active.Count == 0)
        {
            return;
        }

        double fastest = active.Min(contender => contender.WarmMicroseconds) * clock.Frequency / 1e6;
        batch = TimerPilot.BatchSize(fastest, TimerPilot.CostTicks(clock));

        // Room for a block in which the fastest variant is a third faster than it was.
        int capacity = (int)(1.5 * clock.Ticks(settings.BlockDuration) / (batch * fastest)) + 16;
        timer = new BlockTimer(clock, clock.Ticks(settings.BlockDuration), batch, capacity);

        // What loading left behind is not collected in a block.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private void MeasureRound(int round, CancellationToken cancel)
    {
        (TimeSpan waited, bool gaveUp) = gate.Pass(cancel);
        Contender[] contenders = [.. active];
        int[] order = RoundOrder.Next(random, contenders.Length);
        for (int position = 0; position < order.Length; position++)
        {
            Contender contender = contenders[order[position]];
            BlockPlace place = new(round, position, 0, position == 0 ? waited : TimeSpan.Zero, gaveUp);
            if (active.Contains(contender))
            {
                Guarded(contender, () => MeasureBlock(contender, place, cancel));
            }
        }
    }

    /// <summary>A block, again and again while it is invalid and may pass.</summary>
    private void MeasureBlock(Contender contender, BlockPlace place, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            int expected = Math.Max(1, (int)(settings.BlockDuration.TotalMicroseconds / (contender.WarmMicroseconds * batch)));
            MeasuredBlock measured = context.Meter.Measure(contender.Inference, timer!, batch, random.Below(expected), place);
            Finding? hopeless = measured.Findings.FirstOrDefault(finding => !finding.CanPass);
            contender.Rounds.Add(measured.Block, measured.Microseconds, hopeless?.Reason);
            if (hopeless is not null)
            {
                active.Remove(contender);
                return;
            }

            if (measured.Block.Validity != Validity.Invalid || place.Attempt == settings.InvalidRetries)
            {
                return;
            }

            (TimeSpan waited, bool gaveUp) = gate.Pass(cancel);
            place = place with { Attempt = place.Attempt + 1, GateWait = waited, GateGaveUp = gaveUp };
        }
    }

    /// <summary>A model that throws fails its own run only.</summary>
    private void Guarded(Contender contender, Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            failures[contender.Variant.Key] = new Reason(ReasonCodes.ModelFailed, Detail: $"{contender.Variant.Name}, {mode.Word()}: {error.Message}");
            active.Remove(contender);
        }
    }

    private bool IsNarrow(int rounds)
    {
        Contender? reference = active.Find(contender => contender.Variant.Key == context.Plan.Reference);
        List<Contender> others = active.FindAll(contender => contender != reference);
        IEnumerable<LogMean?> intervals = reference is not null && others.Count > 0
            ? others.Select(contender => RoundRatios.Of(contender.Rounds, reference.Rounds, rounds))
            : active.Select(contender => RoundRatios.LevelOf(contender.Rounds, rounds));
        return intervals.All(interval => interval?.RelativeWidth <= settings.RatioWidth);
    }
}
