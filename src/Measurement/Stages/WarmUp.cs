using Fleet.Measurement.Clocks;
using Fleet.Measurement.Models;

namespace Fleet.Measurement.Stages;

/// <summary>The second stage: runs a variant until its samples stop falling, so that caches, branch predictors and compiled code are settled.</summary>
public static class WarmUp
{
    public const int MinSamples = 6;
    public const int MaxSamples = 50;

    /// <summary>Samples that must not be lower than the earlier ones for warm-up to end.</summary>
    private const int Level = 3;

    /// <summary>Falling less than this is noise.</summary>
    private const double Fall = 0.01;

    /// <param name="inference">What is run.</param>
    /// <param name="clock">Times it.</param>
    /// <param name="sampleTicks">How long one sample is, at least; it holds at least one inference.</param>
    /// <param name="cancel">Looked at between samples.</param>
    /// <returns>Ticks of one inference in the fastest sample: whatever disturbed the others made them slower.</returns>
    public static double Run(IInference inference, IMeasuringClock clock, long sampleTicks, CancellationToken cancel)
    {
        List<double> samples = [];
        while (samples.Count < MaxSamples && (samples.Count < MinSamples || IsFalling(samples)))
        {
            cancel.ThrowIfCancellationRequested();
            samples.Add(Sample(inference, clock, sampleTicks));
        }

        return samples.Min();
    }

    internal static bool IsFalling(IReadOnlyList<double> samples) =>
        samples.TakeLast(Level).Min() < (1 - Fall) * samples.Take(samples.Count - Level).Min();

    private static double Sample(IInference inference, IMeasuringClock clock, long sampleTicks)
    {
        long start = clock.Timestamp(), now;
        long inferences = 0;
        do
        {
            inference.Run();
            inferences++;
            now = clock.Timestamp();
        }
        while (now - start < sampleTicks);
        return (double)(now - start) / inferences;
    }
}
