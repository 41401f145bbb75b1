namespace Fleet.Analysis.Ranking;

/// <summary>Where a variant stands among those of its condition, in latency and metric taken together.</summary>
public enum Standing
{
    /// <summary>Every other with a latency is slower or worse, by intervals of 95 %: none can be as good in both.</summary>
    Best,
    /// <summary>Neither that nor the opposite is beyond doubt; also where there is no other to compare it with.</summary>
    NotToldApart,
    /// <summary>Another is at least as good in both, and better in one beyond doubt.</summary>
    Beaten,
}

internal static class Standings
{
    /// <param name="points">All with a latency and a metric.</param>
    /// <param name="costs">Of each, its latency and its metric's cost.</param>
    public static Standing[] Of(IReadOnlyList<VariantPoint> points, IReadOnlyList<(double Latency, double Cost)> costs)
    {
        bool[] front = ParetoFront.Of(costs);
        return [.. points.Select((point, i) =>
            front[i] && points.Count > 1 && points.All(other => other == point || Differs(other, point)) ? Standing.Best
            : !front[i] && points.Where((_, j) => Beats(costs[j], costs[i])).Any(other => Differs(point, other)) ? Standing.Beaten
            : Standing.NotToldApart)];
    }

    /// <summary>One is slower or worse than the other beyond doubt.</summary>
    private static bool Differs(VariantPoint one, VariantPoint other) => one.IsSlowerThan(other) || one.IsWorseThan(other);

    private static bool Beats((double Latency, double Cost) one, (double Latency, double Cost) other) => one.Latency <= other.Latency && one.Cost <= other.Cost;
}
