using Fleet.Domain.Tasks;
using Fleet.Statistics;

namespace Fleet.Analysis.Comparing;

public enum MetricVerdictKind
{
    /// <summary>What the others are compared with.</summary>
    Reference,
    /// <summary>The 95 % interval of the gain lies above zero.</summary>
    Better,
    /// <summary>Not inferior: the 90 % interval of the gain lies above minus the margin, a one-sided test at 5 %.</summary>
    NoLoss,
    /// <summary>The 90 % interval lies below minus the margin.</summary>
    Loss,
    /// <summary>The interval allows both.</summary>
    Undecided,
}

/// <summary>What a variant's metric is against the reference's: "no loss" means that a margin was met, not that two numbers look alike.</summary>
/// <param name="Kind">The word for it.</param>
/// <param name="Gain">What it is better by, paired by seed, with its 90 % interval; null for the reference.</param>
/// <param name="Margin">The loss that counts as none.</param>
public sealed record MetricVerdict(MetricVerdictKind Kind, Estimate? Gain, double Margin)
{
    /// <summary>A loss of accuracy that counts as none: 2 points.</summary>
    public const double AccuracyMargin = 0.02;

    /// <summary>The same of a language model: 0.05 nats a token, 5 % of the perplexity.</summary>
    public const double NatsMargin = 0.05;

    private const double MarginConfidence = 0.9;

    private const double DifferenceConfidence = 0.95;

    /// <summary>As in result tables: reference | better | no loss | loss | undecided.</summary>
    public string Text => Kind == MetricVerdictKind.NoLoss ? "no loss" : Kind.ToString().ToLowerInvariant();

    /// <summary>It may replace the reference.</summary>
    public bool IsAcceptable => Kind is MetricVerdictKind.Better or MetricVerdictKind.NoLoss;

    public static double MarginOf(TaskMetric metric) => metric == TaskMetric.Nats ? NatsMargin : AccuracyMargin;

    public static MetricVerdict Reference(TaskMetric metric) => new(MetricVerdictKind.Reference, null, MarginOf(metric));

    /// <param name="costs">Of the variant, by seed.</param>
    /// <param name="reference">Of the reference.</param>
    /// <returns>Null where they have no seed in common.</returns>
    internal static MetricVerdict? Of(TaskMetric metric, IReadOnlyDictionary<long, Evidence> costs, IReadOnlyDictionary<long, Evidence> reference)
    {
        double margin = MarginOf(metric);
        if (Evidence.Difference(reference, costs, MarginConfidence) is not { } gain)
        {
            return null;
        }

        MetricVerdictKind kind = Evidence.Difference(reference, costs, DifferenceConfidence)!.Low > 0 ? MetricVerdictKind.Better
            : gain.Low > -margin ? MetricVerdictKind.NoLoss
            : gain.High <= -margin ? MetricVerdictKind.Loss
            : MetricVerdictKind.Undecided;
        return new(kind, gain, margin);
    }
}
