namespace Fleet.Analysis.Ranking;

/// <summary>Which of several points with two costs are beaten by none.</summary>
public static class ParetoFront
{
    /// <summary>True for a point to which no other is at least as good in both costs and better in one. Equal points are all best, or all beaten.</summary>
    /// <exception cref="ArgumentException">A cost is NaN, which is neither better nor worse than another.</exception>
    public static bool[] Of(IReadOnlyList<(double First, double Second)> costs)
    {
        if (costs.Any(point => double.IsNaN(point.First) || double.IsNaN(point.Second)))
        {
            throw new ArgumentException("A cost is NaN.", nameof(costs));
        }

        bool[] best = new bool[costs.Count];
        double? lowest = null;
        foreach (var column in Enumerable.Range(0, costs.Count).GroupBy(i => costs[i].First).OrderBy(column => column.Key))
        {
            double second = column.Min(i => costs[i].Second);
            if (lowest is { } before && second >= before)
            {
                continue;
            }

            foreach (int i in column.Where(i => costs[i].Second == second))
            {
                best[i] = true;
            }

            lowest = second;
        }

        return best;
    }
}
