using Fleet.Measurement.Clocks;
using Fleet.Measurement.Models;
using Fleet.Measurement.Stages;

namespace Fleet.Measurement.Turns;

/// <summary>
/// Times a few inferences beside each other, on one thread: they take short turns, in the other order every second round, so that what
/// disturbs the machine disturbs all of them. For a look at a model at hand; a session of a campaign is what measures.
/// </summary>
public sealed class TurnTimer(IMeasuringClock clock)
{
    private const int Rounds = 21;
    private const int Capacity = 1 << 14;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    /// <returns>For each inference, the median over the rounds of the turn's median, in microseconds.</returns>
    public IReadOnlyList<double> Run(IReadOnlyList<IInference> inferences, CancellationToken cancel)
    {
        CodeSettling.OfThisProcess(clock).Run(inferences, cancel);
        var cost = TimerPilot.CostTicks(clock);
        var turn = clock.Ticks(Turn);
        var timers = inferences
            .Select(inference => (Inference: inference, Batch: Batch(inference, cost, turn)))
            .Select(one => (one.Inference, one.Batch, Timer: new BlockTimer(clock, turn, one.Batch, Capacity)))
            .ToArray();
        var medians = inferences.Select(_ => new List<double>(Rounds)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var place = 0; place < timers.Length; place++)
            {
                cancel.ThrowIfCancellationRequested();
                var which = round % 2 == 0 ? place : timers.Length - 1 - place;
                var (inference, batch, timer) = timers[which];
                var samples = timer.Run(inference, checkAt: 0).Samples.ToArray();
                medians[which].Add(clock.Microseconds(Median(Array.ConvertAll(samples, sample => (double)sample)) / batch));
            }
        }

        return [.. medians.Select(one => Median([.. one]))];
    }

    // As many a sample as make it long beside a reading of the clock.
    private int Batch(IInference inference, double cost, long turn)
    {
        var samples = new BlockTimer(clock, turn, 1, Capacity).Run(inference, checkAt: 0).Samples.ToArray();
        return TimerPilot.BatchSize(Math.Max(1, Median(Array.ConvertAll(samples, sample => (double)sample))), cost);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
