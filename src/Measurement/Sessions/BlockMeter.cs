using Fleet.Domain.Measuring;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Judging;
using Fleet.Measurement.Judging.Rules;
using Fleet.Measurement.Models;
using Fleet.Measurement.Stages;

namespace Fleet.Measurement.Sessions;

/// <summary>Where a block stands, and what the thermal gate did before it.</summary>
internal readonly record struct BlockPlace(int Round, int Position, int Attempt, TimeSpan GateWait, bool GateGaveUp);

/// <summary>A block with its samples, in microseconds of one inference, and what was found against it.</summary>
internal sealed record MeasuredBlock(Block Block, float[] Microseconds, IReadOnlyList<Finding> Findings);

/// <summary>Measures single blocks: board before, timed loop, board after, judgement.</summary>
internal sealed class BlockMeter(IMeasuringClock clock, Board board, long sessionStart)
{
    /// <summary>A reading this fresh also serves as the next block's first one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(5);

    private (BoardReading Reading, long Ticks)? last;
    private double? bestClockRatio;

    /// <param name="inference">What is timed.</param>
    /// <param name="timer">The timed loop.</param>
    /// <param name="batch">Inferences a sample.</param>
    /// <param name="checkAt">The sample whose output is checked.</param>
    /// <param name="place">Where the block stands.</param>
    public MeasuredBlock Measure(IInference inference, BlockTimer timer, int batch, int checkAt, BlockPlace place)
    {
        BoardReading before = last is { } recent && clock.Timestamp() - recent.Ticks < clock.Ticks(Fresh) ? recent.Reading : board.Read();
        TimedBlock timed = timer.Run(inference, checkAt);
        BoardReading after = board.Read();
        last = (after, clock.Timestamp());

        BlockFacts facts = new(timed, clock.Seconds(timed.EndTicks - timed.StartTicks), before, after)
        {
            BestClockRatio = bestClockRatio,
            GateGaveUp = place.GateGaveUp,
        };
        bestClockRatio = facts.ClockRatio > (bestClockRatio ?? 0) ? facts.ClockRatio : bestClockRatio;

        IReadOnlyList<Finding> findings = BlockJudge.Judge(facts);
        float[] microseconds = new float[timed.Samples.Length];
        double sum = 0;
        for (int i = 0; i < microseconds.Length; i++)
        {
            double value = clock.Microseconds(timed.Samples.Span[i]) / batch;
            microseconds[i] = (float)value;
            sum += value;
        }

        return new(ToBlock(facts, place, microseconds, sum, batch, findings), microseconds, findings);
    }

    private Block ToBlock(BlockFacts facts, BlockPlace place, float[] microseconds, double sum, int batch, IReadOnlyList<Finding> findings)
    {
        float[] sorted = [.. microseconds.Order()];
        Validity validity = findings.Count == 0 ? Validity.Valid : findings.Max(finding => finding.Validity);
        return new Block
        {
            Round = place.Round,
            Position = place.Position,
            Attempt = place.Attempt,
            StartSeconds = clock.Seconds(facts.Timed.StartTicks - sessionStart),
            Seconds = clock.Seconds(facts.Timed.EndTicks - facts.Timed.StartTicks),
            Inferences = (long)microseconds.Length * batch,
            MeanMicroseconds = sum / microseconds.Length,
            MedianMicroseconds = batch == 1 ? sorted[(sorted.Length - 1) / 2] : null,
            Validity = validity,
            Reasons = [.. findings.Where(finding => finding.Validity == validity).Select(finding => finding.Reason)],
            TemperatureBeforeCelsius = facts.TemperatureBefore,
            TemperatureAfterCelsius = facts.TemperatureAfter,
            ClockRatio = facts.ClockRatio,
            OthersCpuShare = facts.OthersCpuShare,
            CoreWaitShare = facts.CoreWaitShare,
            MajorFaults = facts.MajorFaults,
            InvoluntarySwitches = facts.InvoluntarySwitches,
            GarbageCollections = facts.Timed.Collections,
            UnderVoltage = facts.UnderVoltage,
            Throttled = facts.Throttled,
            Governor = facts.Governor,
            GateWaitSeconds = place.GateWait.TotalSeconds,
        };
    }
}
