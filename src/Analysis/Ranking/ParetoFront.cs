namespace Fleet.Analysis.Ranking;

/// <summary>Which of several points with two costs are beaten by none.</summary>
public static class ParetoFront
{
    /// <summary>True for a point to which no other is at least as good in both costs and better in one. Equal points are all best, or all beaten.</summary>
    public static bool[] Of(IReadOnlyList<(double First, double Second)> costs) =>
        [.. costs.Select(point => !costs.Any(other => Beats(other, point)))];

    private static bool Beats((double First, double Second) a, (double First, double Second) b) =>
        a.First <= b.First && a.Second <= b.Second && (a.First < b.First || a.Second < b.Second);
}
