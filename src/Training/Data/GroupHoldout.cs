namespace Fleet.Training.Data;

/// <summary>
/// Chooses whole persons to hold back, so that validation hears nobody who was trained on. Of the persons not yet chosen, the one
/// is added that brings the held samples h_c of all classes nearest to the asked share f of their n_c samples, by
/// sum_c (h_c - f n_c)^2 / n_c; it ends when none brings them nearer. No chance takes part: the same data gives the same persons.
/// </summary>
internal sealed class GroupHoldout
{
    // Of few persons each is a large part of what there is to learn: a model that is trained on five of six speakers hears the
    // sixth, who is in the test part of some data sets, for the first time. Then other validation is the lesser evil.
    private const double Tolerance = 1.5;

    private readonly double fraction;
    private readonly int[] totals;
    private readonly int[] held;
    private readonly SortedDictionary<ushort, int[]> open = [];
    private readonly HashSet<ushort> chosen = [];

    private GroupHoldout(ReadOnlySpan<ushort> labels, ReadOnlySpan<ushort> groups, int classes, double fraction)
    {
        this.fraction = fraction;
        totals = new int[classes];
        held = new int[classes];
        for (var sample = 0; sample < labels.Length; sample++)
        {
            totals[labels[sample]]++;
            if (!open.TryGetValue(groups[sample], out var counts))
            {
                open.Add(groups[sample], counts = new int[classes]);
            }

            counts[labels[sample]]++;
        }
    }

    private bool IsWhole => Enumerable.Range(0, totals.Length).All(label => totals[label] == 0 || held[label] > 0);

    /// <summary>
    /// The persons to hold back; null where no choice keeps every class in both parts and the held share between two thirds
    /// and one and a half times <paramref name="fraction"/>.
    /// </summary>
    /// <param name="groups">The person of each sample.</param>
    public static IReadOnlySet<ushort>? Choose(ReadOnlySpan<ushort> labels, ReadOnlySpan<ushort> groups, int classes, double fraction)
    {
        var holdout = new GroupHoldout(labels, groups, classes, fraction);
        while (holdout.Best(holdout.open.Keys) is { } best && (!holdout.IsWhole || holdout.Distance(best) < holdout.Distance(null)))
        {
            holdout.Hold(best);
        }

        var share = (double)holdout.held.Sum() / labels.Length;
        return holdout.IsWhole && share * Tolerance >= fraction && share <= fraction * Tolerance ? holdout.chosen : null;
    }

    // While a class is missing, one that has it comes before one that brings the others nearer.
    private ushort? Best(IEnumerable<ushort> candidates)
    {
        ushort? best = null;
        var (minMissing, minDistance) = (int.MaxValue, double.PositiveInfinity);
        foreach (var group in candidates.Where(LeavesEveryClass))
        {
            var missing = Missing(open[group]);
            var distance = Distance(group);
            if (missing < minMissing || (missing == minMissing && distance < minDistance))
            {
                (best, minMissing, minDistance) = (group, missing, distance);
            }
        }

        return best;
    }

    private void Hold(ushort group)
    {
        open.Remove(group, out var counts);
        chosen.Add(group);
        for (var label = 0; label < held.Length; label++)
        {
            held[label] += counts![label];
        }
    }

    private bool LeavesEveryClass(ushort group) =>
        !open[group].Where((count, label) => count > 0 && held[label] + count == totals[label]).Any();

    private int Missing(int[] counts) =>
        Enumerable.Range(0, totals.Length).Count(label => totals[label] > 0 && held[label] + counts[label] == 0);

    private double Distance(ushort? added)
    {
        var counts = added is { } group ? open[group] : null;
        var sum = 0.0;
        for (var label = 0; label < totals.Length; label++)
        {
            var error = held[label] + (counts?[label] ?? 0) - (fraction * totals[label]);
            sum += totals[label] == 0 ? 0 : error * error / totals[label];
        }

        return sum;
    }
}
