namespace Fleet.Analysis.Ranking;

/// <summary>Which way a metric is better.</summary>
public static class MetricDirection
{
    private static readonly HashSet<string> LowerIsBetter = ["perplexity", "loss", "nats"];

    public static bool HigherIsBetter(string metric) => !LowerIsBetter.Contains(metric);
}
