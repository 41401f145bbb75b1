using System.Globalization;
using Fleet.Analysis.Comparing;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Rankings;
using Fleet.Domain.Results;
using Fleet.Statistics;

namespace Fleet.Analysis.Advising;

/// <summary>
/// Which variant of a condition to ship: the fastest of those that are faster than the reference (95 % interval) and not inferior to it
/// in the metric (90 % interval within the margin). Where the intervals do not bear that out it says so, and what would.
/// </summary>
public static class ShippingAdvice
{
    public static Advice Of(ConditionRanking ranking)
    {
        if (ranking.Condition.Emulated)
        {
            return NotRanked("this board is emulated, and its latency says nothing of a real one. What its models answer counts");
        }

        if (!ranking.Timed.Any())
        {
            ResultRow[] rows = [.. ranking.Points.SelectMany(point => point.Rows)];
            string reasons = string.Join("; ", UnrankedCampaigns.Reasons(rows).Take(3).Select(UnrankedCampaigns.Line));
            return NotRanked($"no latency here counts, {UnrankedCampaigns.Count(rows)}{(reasons.Length == 0 ? "" : $" ({reasons})")}");
        }

        if (ranking.Find(ranking.Reference) is not { LatencyMicroseconds: not null } reference)
        {
            string state = ranking.Find(ranking.Reference) is { } point ? UnrankedCampaigns.Count(point.Rows) : "it was not measured here";
            return NotRanked($"the reference {ranking.Reference} has no valid latency ({state}), so no other can be compared with it");
        }

        VariantPoint[] others = [.. ranking.Timed.Where(point => point != reference)];
        VariantPoint[] faster = Array.FindAll(others, point => point.Verdict?.Kind == VerdictKind.Faster);
        Advice advice = others.Length == 0 ? NotRanked($"{reference.Name} is the only variant with a valid latency here")
            : Array.FindAll(faster, point => point.MetricVerdict is { IsAcceptable: true }) is [var best, .. var rest] ? Ship(ranking, reference, best, rest)
            : faster.Length > 0 ? Trade(ranking, reference, faster)
            : NoneFaster(reference, others);
        return ranking.Timed.Any(point => point.Suspect) ? advice with { Text = $"{advice.Text} Some of these measurements are suspect." } : advice;
    }

    private static Advice NotRanked(string why) => new(AdviceKinds.NotRanked, null, $"No advice: {why}.");

    private static Advice Ship(ConditionRanking ranking, VariantPoint reference, VariantPoint best, VariantPoint[] rest)
    {
        VariantPoint[] alike = Array.FindAll(rest, point => !point.IsSlowerThan(best));
        string tied = alike.Length == 0 ? "" : $" Not told apart from it in speed: {string.Join(", ", alike.Select(point => point.Name))}.";
        string metric = $"{Value(ranking, best)} {ranking.Metric.Noun} against {Value(ranking, reference)}";
        return new(AdviceKinds.Ship, best.Name, $"Ship {best.Name}: {Speed(best, reference)}, {metric}, which is {Word(best)} {Gain(ranking, best)}.{tied}");
    }

    private static Advice Trade(ConditionRanking ranking, VariantPoint reference, VariantPoint[] faster)
    {
        VariantPoint[] open = Array.FindAll(faster, point => point.MetricVerdict?.Kind != MetricVerdictKind.Loss);
        if (open.Length == 0)
        {
            VariantPoint least = faster.MaxBy(point => point.MetricVerdict!.Gain!.Value)!;
            return new(AdviceKinds.Keep, reference.Name,
                $"Ship {reference.Name}, unless a loss is acceptable: all that is faster {Loses(ranking)}, "
                + $"and {least.Name}, {Speed(least, reference)}, the least of it {Gain(ranking, least)}.");
        }

        VariantPoint likely = open.MaxBy(point => point.MetricVerdict?.Gain?.Value ?? double.NegativeInfinity)!;
        return new(AdviceKinds.Undecided, null, likely.MetricVerdict is null
            ? $"No advice: {likely.Name} is {Speed(likely, reference)}, but its {ranking.Metric.Noun} cannot be compared: they have no seed in common."
            : $"Not decided: {likely.Name} is {Speed(likely, reference)}, but the data does not tell whether it {Loses(ranking)} {Gain(ranking, likely)}. "
                + "More seeds or test samples would.");
    }

    private static Advice NoneFaster(VariantPoint reference, VariantPoint[] others)
    {
        VariantPoint[] open = Array.FindAll(others, point => point.Verdict is null or { Kind: VerdictKind.Inconclusive });
        return open.Length == 0
            ? new(AdviceKinds.Keep, reference.Name, $"Ship {reference.Name}: no other variant is faster.")
            : new(AdviceKinds.Undecided, null,
                $"Not decided: no variant is shown to be faster than {reference.Name}; "
                + $"not told apart from it in speed: {string.Join(", ", open.Select(point => point.Name))}. More rounds would tell.");
    }

    private static string Speed(VariantPoint point, VariantPoint reference)
    {
        string interval = point.Ratio is { Low: { } low, High: { } high } ? $" ({Factor(high)} to {Factor(low)})" : "";
        return $"{Factor(point.Ratio!.Value)} times as fast as {reference.Name}{interval}";
    }

    private static string Loses(ConditionRanking ranking) => ranking.Metric.IsShare ? $"loses {ranking.Metric.Noun}" : $"is worse in {ranking.Metric.Noun}";

    private static string Factor(double ratio) => (1 / ratio).ToString(1 / ratio < 9.995 ? "F2" : "F1", CultureInfo.InvariantCulture);

    private static string Value(ConditionRanking ranking, VariantPoint point) => ranking.Metric.Write(point.Metric!.Value);

    private static string Word(VariantPoint point) => point.MetricVerdict!.Kind == MetricVerdictKind.Better ? "better" : "no loss";

    private static string Gain(ConditionRanking ranking, VariantPoint point)
    {
        (Estimate gain, double margin) = (point.MetricVerdict!.Gain!, point.MetricVerdict.Margin);
        string interval = gain is { Low: { } low, High: { } high }
            ? $"90 % interval {ranking.Metric.WriteSigned(low)} to {ranking.Metric.WriteSigned(high)}"
            : "of one seed, without an interval";
        return $"({ranking.Metric.WriteDifference(gain.Value)}; {interval}; a loss of up to {ranking.Metric.Number(margin)} counts as none)";
    }
}
