using Fleet.Analysis.Comparing;
using Fleet.Analysis.Ranking;
using Fleet.Reports.Writing;

namespace Fleet.Reports.Sections;

/// <summary>What a condition's result comes to, in a sentence. It claims only what the intervals bear out.</summary>
internal static class Answer
{
    /// <param name="ranking">The condition.</param>
    /// <param name="reference">The reference's short name.</param>
    /// <param name="where">What the sentence starts with ("On the bench, ..."); empty where the heading says it.</param>
    public static Markup Of(ConditionRanking ranking, string reference, string where = "")
    {
        VariantPoint fastest = ranking.Points[0];
        if (ranking.Find(reference) is not { } against)
        {
            return Markup.Of($"{where}{Name(fastest)} is the fastest, at {Latency(fastest)} and {Metric(ranking, fastest)}; there is no measured {reference} to compare it with.");
        }

        VariantPoint[] faster = [.. ranking.Points.Where(point => point.ParetoBest && point.Verdict?.Kind == VerdictKind.Faster)];
        if (faster.Length == 0)
        {
            return Markup.Of($"{where}{Start(where, "No")} variant is both shown to be faster than {Name(against)} and beaten by no other; {Name(against)} takes {Latency(against)} at {Metric(ranking, against)}.");
        }

        // The least loss first: that is the one most people want to hear of.
        Markup[] items = [.. faster.Reverse().Select((point, i) => Markup.Of($"{Name(point)} {Speed(point)}{(i == 0 ? $" as {reference}" : "")}{SpeedInterval(point)} at {(i == 0 ? Metric(ranking, point) : Value(ranking, point))}"))];
        string subject = faster.Length == 1 ? "One variant is" : $"{Numbers.Word(faster.Length)} variants are";
        return Markup.Of($"{where}{Start(where, subject)} faster than {Name(against)} and beaten by no other: {Join(items)}. {Name(against)} has {Value(ranking, against)} and takes {Latency(against)}.");
    }

    private static string Start(string where, string text) => where.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];

    private static Markup Name(VariantPoint point) => Markup.Of($"<strong>{point.Name}</strong>");

    private static string Latency(VariantPoint point) => Numbers.Microseconds(point.LatencyMicroseconds.Value);

    private static string Metric(ConditionRanking ranking, VariantPoint point) => $"{Value(ranking, point)} {ranking.Metric.Noun}";

    private static string Value(ConditionRanking ranking, VariantPoint point) => Numbers.Metric(ranking.Metric, point.Metric.Value);

    private static string Speed(VariantPoint point) => $"{Times(point.Ratio!.Value)} times as fast";

    private static string SpeedInterval(VariantPoint point) =>
        point.Ratio is { Low: { } low, High: { } high } ? $" ({Times(high)} to {Times(low)})" : "";

    private static string Times(double ratio) => Numbers.Significant(1 / ratio, 3);

    private static Markup Join(IReadOnlyList<Markup> items) => items.Count == 1
        ? items[0]
        : Markup.Of($"{Markup.All(items.Take(items.Count - 1).Select((item, i) => i == 0 ? item : Markup.Of($", {item}")))} and {items[^1]}");
}
