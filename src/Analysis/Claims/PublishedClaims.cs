using System.Text.RegularExpressions;
using Fleet.Analysis.Comparing;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Rankings;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Statistics;

namespace Fleet.Analysis.Claims;

/// <summary>
/// Judges what was published of hmd (Thakker et al., EMC2 2019, abstract) by a campaign's rows: that it runs faster than pruning and keeps
/// more accuracy than low-rank factorisation at the same compression; and, compared with the reference, that it runs faster and loses
/// nothing. docs/reproduction.md has the rules.
/// </summary>
/// <remarks>
/// Seeds are the unit: a seed's models were trained from the same start and measured in the same sessions, so a pair's difference is free of
/// what the seed and the session bring. Run time is compared by the logarithm of the ratios to the reference, each of which is of one
/// session. Emulated machines say nothing about run time.
/// </remarks>
public static partial class PublishedClaims
{
    /// <summary>A difference is told by its 95 % interval, as everywhere in a report.</summary>
    public const double DifferenceConfidence = 0.95;

    /// <summary>Whether a margin is held, by a one-sided test at 5 %: the end of the 90 % interval.</summary>
    public const double MarginConfidence = 0.9;

    private const string Hmd = "hmd";
    private const string LowRank = "lmf";
    private const string Pruned = "pruned";
    private const string RunTime = "run_time";

    /// <param name="rows">Of one campaign.</param>
    /// <param name="reference">The reference's short name.</param>
    /// <returns>By variant, then claim, in the order in which the variants first stand in the rows.</returns>
    public static IReadOnlyList<ClaimVerdict> Judge(IReadOnlyList<ResultRow> rows, string reference)
    {
        ILookup<string, ResultRow> counted = rows.Where(Comparable.IsTimed).ToLookup(row => row.VariantName);
        string[] variants = [.. counted.Where(group => group.Key != reference && group.Any(row => row.Method == Hmd)).Select(group => group.Key)];
        return [.. variants.SelectMany(variant => Judge(counted, variant, reference))];
    }

    private static IEnumerable<ClaimVerdict> Judge(ILookup<string, ResultRow> rows, string variant, string reference) =>
    [
        .. RunTimes(rows, ClaimKinds.FasterThanPruned, variant, Rival(rows, variant, Pruned), reference),
        .. Metrics(rows, ClaimKinds.BetterThanLowRank, variant, Rival(rows, variant, LowRank), margin: false),
        // Of a variant in int8 much of what it gains on a reference in fp32, or loses, is that of int8 and not of hmd.
        .. PrecisionOf(rows, variant) == PrecisionOf(rows, reference)
            ? RunTimes(rows, ClaimKinds.FasterThanReference, variant, reference, reference)
                .Concat(Metrics(rows, ClaimKinds.NoWorseThanReference, variant, reference, margin: true))
            : [],
    ];

    private static string? PrecisionOf(ILookup<string, ResultRow> rows, string variant) => rows[variant].FirstOrDefault()?.Precision;

    // What follows the method in a short name (factor, start, precision) must be the same, or it would be another comparison; but for the
    // number of rich rows or of blocks, which no other method has.
    private static string Rival(ILookup<string, ResultRow> rows, string variant, string method)
    {
        string same = method + variant[Hmd.Length..];
        return rows.Contains(same) ? same : OwnParameters().Replace(same, "");
    }

    private static IEnumerable<ClaimVerdict> RunTimes(ILookup<string, ResultRow> rows, string kind, string variant, string against, string reference)
    {
        foreach (var group in rows[variant].Concat(rows[against]).Where(row => !row.Emulated).GroupBy(RankingGroup.Of))
        {
            Dictionary<long, Evidence> ours = LogRatios(group, variant, reference), theirs = LogRatios(group, against, reference);
            Evidence[] pairs = [.. ours.Where(pair => theirs.ContainsKey(pair.Key)).Select(pair => pair.Value.Over(theirs[pair.Key]))];
            if (pairs.Length == 0)
            {
                continue;
            }

            // Of one seed the sessions' own intervals are all that is known.
            Estimate interval = pairs is [var only] ? only.Interval : Estimate.OfMean([.. pairs.Select(pair => pair.Value)], DifferenceConfidence);
            yield return new ClaimVerdict
            {
                Kind = kind,
                Task = group.Key.Task,
                Variant = variant,
                Against = against,
                Device = group.Key.Device,
                Board = group.Key.Board,
                Mode = group.Key.Mode,
                Clock = group.Key.Clock,
                Setting = group.Key.Setting,
                Measure = RunTime,
                Value = Math.Exp(interval.Value),
                Low = interval.Low is { } low ? Math.Exp(low) : null,
                High = interval.High is { } high ? Math.Exp(high) : null,
                Confidence = DifferenceConfidence,
                Seeds = pairs.Length,
                // Less is faster.
                Verdict = Word(-interval.High, -interval.Low, 0),
            };
        }
    }

    private static IEnumerable<ClaimVerdict> Metrics(ILookup<string, ResultRow> rows, string kind, string variant, string against, bool margin)
    {
        foreach (var group in rows[variant].Concat(rows[against]).GroupBy(row => (row.Task, row.Metric)))
        {
            TaskMetric metric = TaskMetric.Of(group.Key.Metric);
            double? accepted = margin ? MetricVerdict.MarginOf(metric) : null;
            Dictionary<long, double> ours = BySeed(group, variant, metric), theirs = BySeed(group, against, metric);
            double[] differences = [.. ours.Where(pair => theirs.ContainsKey(pair.Key)).Select(pair => theirs[pair.Key] - pair.Value)];
            if (differences.Length == 0)
            {
                continue;
            }

            double confidence = margin ? MarginConfidence : DifferenceConfidence;
            Estimate interval = Estimate.OfMean(differences, confidence);
            yield return new ClaimVerdict
            {
                Kind = kind,
                Task = group.Key.Task,
                Variant = variant,
                Against = against,
                Measure = group.Key.Metric,
                Value = interval.Value,
                Low = interval.Low,
                High = interval.High,
                Confidence = confidence,
                Margin = accepted,
                Seeds = differences.Length,
                Verdict = Word(interval.Low, interval.High, -(accepted ?? 0)),
            };
        }
    }

    /// <summary>Is what the claim says more than the bound?</summary>
    private static string Word(double? low, double? high, double bound) =>
        low > bound ? ClaimWords.Holds
        : high <= bound ? ClaimWords.DoesNotHold
        : ClaimWords.NotDecided;

    /// <summary>A seed's cost: the mean over devices, conditions and replicates, which compute the same but for rounding.</summary>
    private static Dictionary<long, double> BySeed(IEnumerable<ResultRow> rows, string variant, TaskMetric metric) => rows
        .Where(row => row.VariantName == variant)
        .GroupBy(row => row.Seed)
        .ToDictionary(seed => seed.Key, seed => seed.Average(row => metric.Cost(row.MetricValue!.Value)));

    /// <summary>A seed's logarithm of the ratio to the reference; the reference's own is exactly zero.</summary>
    private static Dictionary<long, Evidence> LogRatios(IEnumerable<ResultRow> rows, string variant, string reference) => rows
        .Where(row => row.VariantName == variant && (variant == reference || row.RatioToReference is not null))
        .GroupBy(row => row.Seed)
        .ToDictionary(
            seed => seed.Key, seed => variant == reference ? Evidence.Zero : Evidence.Mean([.. seed.Select(row => Evidence.Of(row.RatioToReference!))]));

    [GeneratedRegex("-[kr][0-9]+")]
    private static partial Regex OwnParameters();
}
