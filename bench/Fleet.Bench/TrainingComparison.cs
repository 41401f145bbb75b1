using System.Text.Json.Serialization;

namespace Fleet.Bench;

/// <summary>
/// One line of a comparison of training steps. Times are medians: a step takes so long that all are disturbed a little. Ratio is the
/// median over the turns of how many times faster ours was in the same turn.
/// </summary>
internal sealed record TrainingComparison(string Name, double OursMs, string Peer, double PeerMs, double Ratio)
{
    public static TrainingComparison Of(string name, IReadOnlyList<double> ours, string peer, IReadOnlyList<double> theirs) => new(
        name,
        Math.Round(Median(ours), 3),
        peer,
        Math.Round(Median(theirs), 3),
        Math.Round(Median(ours.Zip(theirs, (own, other) => other / own)), 3));

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<TrainingComparison>))]
internal sealed partial class TrainingComparisonJson : JsonSerializerContext;
