namespace Fleet.Statistics;

/// <summary>A percentile of the pooled samples, with a 95 % interval where there are enough rounds for one.</summary>
public readonly record struct QuantileEstimate(double Value, double? Low, double? High);

/// <summary>
/// A quantile's interval by sectioning (Asmussen and Glynn 2007, III.5a; Nakayama 2014): the samples are cut into sections that are
/// independent of one another, and the spread of the sections' quantiles about the pooled one gives a t interval. Inferences within a block
/// are not independent, so a section is never smaller than a round; where rounds hold few samples, neighbours are put together.
/// Works on logarithms. The interval's coverage on autocorrelated samples is a test of this project.
/// </summary>
public static class SectionedQuantile
{
    /// <summary>Fewer sections give an interval that says nothing.</summary>
    public const int LeastSections = 5;

    /// <param name="rounds">The samples of each round, in any order.</param>
    /// <param name="pooled">All of them, sorted.</param>
    /// <param name="share">0.50, 0.90, 0.95 or 0.99.</param>
    /// <returns>Null where there are fewer samples than the percentile needs.</returns>
    public static QuantileEstimate? Of(IReadOnlyList<float[]> rounds, ReadOnlySpan<float> pooled, double share)
    {
        if (Percentile.Of(pooled, share) is not { } value)
        {
            return null;
        }

        // Two samples beyond the quantile in each section, on average: with fewer, a section's quantile is its greatest sample.
        List<float[]> sections = Sections(rounds, (int)Math.Ceiling(2 / (1 - share) - 1e-9));
        if (sections.Count < LeastSections)
        {
            return new(value, null, null);
        }

        double squares = sections.Sum(section => Math.Pow(Math.Log(Percentile.AtRank(section, share) / value), 2));
        int count = sections.Count;
        double half = StudentT.Quantile(0.975, count - 1) * Math.Sqrt(squares / (count - 1) / count);
        return new(value, value * Math.Exp(-half), value * Math.Exp(half));
    }

    private static List<float[]> Sections(IReadOnlyList<float[]> rounds, int least)
    {
        List<float[]> sections = [];
        List<float[]> open = [];
        foreach (float[] round in rounds)
        {
            open.Add(round);
            if (open.Sum(part => part.Length) >= least)
            {
                sections.Add(Sorted(open));
                open.Clear();
            }
        }

        return sections;
    }

    /// <summary>The samples of all parts, sorted.</summary>
    public static float[] Sorted(IReadOnlyList<float[]> parts)
    {
        float[] all = new float[parts.Sum(part => part.Length)];
        int at = 0;
        foreach (float[] part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        Array.Sort(all);
        return all;
    }
}
