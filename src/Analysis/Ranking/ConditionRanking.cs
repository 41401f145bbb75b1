using Fleet.Analysis.Comparing;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Statistics;

namespace Fleet.Analysis.Ranking;

/// <summary>The variants of one condition, ranked where that may be.</summary>
/// <param name="Condition">What they have in common.</param>
/// <param name="Reference">Short name of what they are compared with.</param>
/// <param name="LatencyName">What latency is here: <c>p50</c>, or <c>mean</c> where inferences were batched.</param>
/// <param name="Points">
/// All of them: fastest first, then those without a valid latency. Those of an emulated board, which is not ranked, in the order of their rows.
/// </param>
public sealed record ConditionRanking(RankingGroup Condition, string Reference, string LatencyName, IReadOnlyList<VariantPoint> Points)
{
    /// <summary>The metric of its rows.</summary>
    public TaskMetric Metric { get; } = TaskMetric.Of(Condition.Metric);

    /// <summary>Ranks all rows, condition by condition, in the order in which conditions first appear.</summary>
    /// <param name="rows">Of one campaign.</param>
    /// <param name="reference">The reference's short name.</param>
    /// <param name="margin">Ratios within this count as the same.</param>
    public static IReadOnlyList<ConditionRanking> All(IReadOnlyList<ResultRow> rows, string reference, double margin = RatioVerdict.DefaultMargin) =>
        [.. Comparable.Of(rows, reference).Where(row => row.IsReadable).GroupBy(RankingGroup.Of).Select(group => Of(group.Key, [.. group], reference, margin))];

    /// <summary>Those with a valid latency.</summary>
    public IEnumerable<VariantPoint> Timed => Points.Where(point => point.LatencyMicroseconds is not null);

    /// <summary>The variant's point here; null where it has none.</summary>
    public VariantPoint? Find(string name) => Points.FirstOrDefault(point => point.Name == name);

    private static ConditionRanking Of(RankingGroup condition, IReadOnlyList<ResultRow> rows, string reference, double margin)
    {
        // A median is not compared with a mean.
        bool median = rows.Where(Comparable.IsTimed).All(row => row.LatencyUs!.P50 is not null);
        TaskMetric metric = TaskMetric.Of(condition.Metric);
        VariantPoint[] points = [.. rows.GroupBy(row => row.VariantName).Select(group => Point([.. group], median, reference, metric))];

        if (Array.Find(points, point => point.Name == reference) is { } against)
        {
            points = [.. points.Select(point => point with
            {
                MetricVerdict = point != against ? MetricVerdict.Of(metric, point.Costs, against.Costs)
                    : point.Metric is not null ? MetricVerdict.Reference(metric)
                    : null,
            })];
        }

        return new(condition, reference, median ? "p50" : "mean", condition.Emulated ? points : Ranked(points, reference, metric, margin));
    }

    private static VariantPoint[] Ranked(VariantPoint[] points, string reference, TaskMetric metric, double margin)
    {
        VariantPoint[] timed = Array.FindAll(points, point => point.LatencyMicroseconds is not null);

        // Ratios within sessions cancel what differs from session to session; they rank where all have one.
        bool byRatio = Array.Exists(timed, point => point.Name == reference)
            && Array.TrueForAll(timed, point => point.Name == reference || point.Ratio is not null);
        double Latency(VariantPoint point) => !byRatio ? point.LatencyMicroseconds!.Value : point.Ratio?.Value ?? 1;

        timed = [.. timed
            .Select(point => point with
            {
                Times = Times(point, reference, byRatio),
                Verdict = point.Name == reference ? Verdict.Reference : Judge(point, margin),
            })
            .OrderBy(Latency)];
        Standing[] standings = Standings.Of(timed, [.. timed.Select(point => (Latency(point), metric.Cost(point.Metric!.Value)))]);
        return [.. timed.Select((point, i) => point with { Standing = standings[i] }), .. points.Where(point => point.LatencyMicroseconds is null)];
    }

    private static VariantPoint Point(IReadOnlyList<ResultRow> rows, bool median, string reference, TaskMetric metric)
    {
        ResultRow[] measured = [.. rows.Where(Comparable.HasMetric)], timed = Array.FindAll(measured, Comparable.IsTimed);
        Ratio[] ratios = rows[0].VariantName == reference ? [] : [.. timed.Select(row => row.RatioToReference).OfType<Ratio>()];
        return new VariantPoint
        {
            Name = rows[0].VariantName,
            Method = rows[0].Method,
            Rows = rows,
            Timed = timed,
            Metric = measured.Length == 0
                ? null
                : Estimate.Mean([.. measured.Select(row => new Estimate(row.MetricValue!.Value, row.MetricLow, row.MetricHigh))]),
            LatencyMicroseconds = timed.Length == 0 ? null : Estimate.GeometricMean([.. timed.Select(row => row.LatencyUs!).Select(latency =>
                median ? new Estimate(latency.P50!.Value, latency.P50Low, latency.P50High) : new Estimate(latency.Mean!.Value, null, null))]),
            Ratio = ratios.Length == 0 ? null : Estimate.GeometricMean([.. ratios.Select(ratio => new Estimate(ratio.Value, ratio.Low, ratio.High))]),
            Costs = measured.GroupBy(row => row.Seed).ToDictionary(seed => seed.Key, seed => Cost([.. seed], metric)),
        };
    }

    /// <summary>Of one seed; its replicates answer the same test samples, so their number narrows nothing.</summary>
    private static Evidence Cost(IReadOnlyList<ResultRow> rows, TaskMetric metric) => Evidence.Of(
        rows.Average(row => metric.Cost(row.MetricValue!.Value)), rows.Average(row => row.MetricLow), rows.Average(row => row.MetricHigh));

    private static Dictionary<long, Evidence> Times(VariantPoint point, string reference, bool byRatio) => point.Timed
        .Where(row => !byRatio || point.Name == reference || row.RatioToReference is not null)
        .GroupBy(row => row.Seed)
        .ToDictionary(seed => seed.Key, seed => byRatio && point.Name == reference
            ? Evidence.Zero
            : Evidence.Mean([.. seed.Select(row => byRatio ? Evidence.Of(row.RatioToReference!) : Evidence.Of(row.LatencyUs!))]));

    /// <summary>One session's verdict rests on its rounds; over several seeds or replicates, on their spread.</summary>
    private static Verdict? Judge(VariantPoint point, double margin)
    {
        Ratio[] ratios = [.. point.Timed.Select(row => row.RatioToReference).OfType<Ratio>()];
        if (ratios.Length <= 1)
        {
            return ratios.Length == 0 ? null : RatioVerdict.Of(ratios[0], margin);
        }

        Estimate over = Estimate.GeometricMean([.. ratios.Select(ratio => new Estimate(ratio.Value, null, null))]);
        return RatioVerdict.Of(new() { Value = over.Value, Low = over.Low, High = over.High, Rounds = ratios.Length }, margin) is { } verdict
            ? verdict with { MoreRounds = null }
            : null;
    }
}
