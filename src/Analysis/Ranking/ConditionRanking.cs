using Fleet.Analysis.Comparing;
using Fleet.Protocol.Results;

namespace Fleet.Analysis.Ranking;

/// <summary>The variants of one condition, ranked.</summary>
/// <param name="Condition">What they have in common.</param>
/// <param name="LatencyName">What latency is here: <c>p50</c>, or <c>mean</c> where inferences were batched.</param>
/// <param name="Points">Fastest first. Rows that failed or are invalid are not among them.</param>
public sealed record ConditionRanking(Condition Condition, string LatencyName, IReadOnlyList<VariantPoint> Points)
{
    /// <summary>The metric of its rows.</summary>
    public TaskMetric Metric { get; } = TaskMetric.Of(Condition.Metric);

    /// <summary>Ranks all rows, condition by condition, in the order in which conditions first appear.</summary>
    /// <param name="rows">Of one campaign.</param>
    /// <param name="reference">The reference's short name.</param>
    /// <param name="margin">Ratios within this count as the same.</param>
    public static IReadOnlyList<ConditionRanking> All(IEnumerable<ResultRow> rows, string reference, double margin = RatioVerdict.DefaultMargin) =>
        [.. rows.Where(Counts).GroupBy(Condition.Of).Select(group => Of(group.Key, [.. group], reference, margin))];

    /// <summary>A row is ranked if something was measured, nothing spoiled it, and its numbers are possible.</summary>
    public static bool Counts(ResultRow row) =>
        row is { Validity: "valid" or "suspect", MetricValue: { } metric, LatencyUs: { Mean: { } mean } latency }
        && double.IsFinite(metric) && IsTime(mean) && IsTime(latency.P50 ?? mean) && IsTime(row.RatioToReference?.Value ?? 1);

    private static bool IsTime(double value) => double.IsFinite(value) && value > 0;

    /// <summary>The variant's point here; null where it has none.</summary>
    public VariantPoint? Find(string name) => Points.FirstOrDefault(point => point.Name == name);

    private static ConditionRanking Of(Condition condition, IReadOnlyList<ResultRow> rows, string reference, double margin)
    {
        // A median is not compared with a mean.
        bool median = rows.All(row => row.LatencyUs!.P50 is not null);
        VariantPoint[] points = [.. rows.GroupBy(row => row.VariantName).Select(group => Point([.. group], median, reference, margin))];

        // Ratios within sessions cancel what differs from session to session; they rank where all have one.
        bool byRatio = points.Any(point => point.Name == reference) && points.All(point => point.Name == reference || point.Ratio is not null);
        double Latency(VariantPoint point) => !byRatio ? point.LatencyMicroseconds.Value : point.Ratio?.Value ?? 1;

        TaskMetric metric = TaskMetric.Of(condition.Metric);
        bool[] best = ParetoFront.Of([.. points.Select(point => (Latency(point), metric.Cost(point.Metric.Value)))]);
        return new(condition, median ? "p50" : "mean",
            [.. points.Select((point, i) => point with { ParetoBest = best[i] }).OrderBy(Latency)]);
    }

    private static VariantPoint Point(IReadOnlyList<ResultRow> rows, bool median, string reference, double margin)
    {
        bool isReference = rows[0].VariantName == reference;
        RatioToReference[] ratios = isReference ? [] : [.. rows.Select(row => row.RatioToReference).OfType<RatioToReference>()];
        return new VariantPoint
        {
            Name = rows[0].VariantName,
            Method = rows[0].Method,
            Rows = rows,
            Metric = Estimate.Mean([.. rows.Select(row => new Estimate(row.MetricValue!.Value, row.MetricLow, row.MetricHigh))]),
            LatencyMicroseconds = Estimate.GeometricMean([.. rows.Select(row => row.LatencyUs!).Select(latency =>
                median ? new Estimate(latency.P50!.Value, latency.P50Low, latency.P50High) : new Estimate(latency.Mean!.Value, null, null))]),
            Ratio = ratios.Length == 0 ? null : Estimate.GeometricMean([.. ratios.Select(ratio => new Estimate(ratio.Value, ratio.Low, ratio.High))]),
            Verdict = isReference ? Verdict.Reference : Judge(ratios, margin),
        };
    }

    /// <summary>One session's verdict rests on its rounds; over several seeds or replicates, on their spread.</summary>
    private static Verdict? Judge(IReadOnlyList<RatioToReference> ratios, double margin)
    {
        if (ratios.Count <= 1)
        {
            return ratios.Count == 0 ? null : RatioVerdict.Of(ratios[0], margin);
        }

        Estimate over = Estimate.GeometricMean([.. ratios.Select(ratio => new Estimate(ratio.Value, null, null))]);
        return RatioVerdict.Of(new() { Value = over.Value, Low = over.Low, High = over.High, Rounds = ratios.Count }, margin) is { } verdict
            ? verdict with { MoreRounds = null }
            : null;
    }
}
