using System.Globalization;

namespace Fleet.Training.Runs;

/// <summary>What epochs are judged by.</summary>
/// <param name="LowerIsBetter">A loss, not a share of right answers.</param>
/// <param name="Samples">Of which a share is taken; 0 for a loss.</param>
public sealed record ValidationMetric(bool LowerIsBetter, int Samples)
{
    /// <summary>Mean cross-entropy; its exponential is the perplexity.</summary>
    public static ValidationMetric NatsPerToken { get; } = new(LowerIsBetter: true, 0);

    /// <summary>Share of so many sequences whose class was told right.</summary>
    public static ValidationMetric Accuracy(int samples) => new(LowerIsBetter: false, samples);

    /// <summary>How much better <paramref name="value"/> is than <paramref name="other"/>; below 0 where it is worse.</summary>
    public double Gain(double value, double other) => LowerIsBetter ? other - value : value - other;

    /// <summary>One standard error of a value: of a share sqrt(p (1 - p) / n); of a loss over many tokens it is not worth regard.</summary>
    public double StandardError(double value) => LowerIsBetter ? 0 : Math.Sqrt(value * (1 - value) / Samples);

    /// <summary>A value in words: <c>93.1 % right</c>, <c>1.52 nats a token</c>.</summary>
    public string Text(double value) => LowerIsBetter
        ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0000} nats a token")
        : string.Create(CultureInfo.InvariantCulture, $"{value:P1} right");
}
