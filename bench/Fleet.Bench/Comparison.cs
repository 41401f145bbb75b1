using System.Text.Json.Serialization;

namespace Fleet.Bench;

/// <summary>
/// One line of a comparison. Times are those of the fastest turn: kernels do the same work every time, so what is longer was
/// disturbed. Ratio is how many times faster ours is.
/// </summary>
internal sealed record Comparison(string Name, string Shape, double OursUs, string Peer, double PeerUs, double Ratio)
{
    public static Comparison Of(string name, string shape, string peer, double[] ours, double[] theirs) =>
        new(name, shape, Math.Round(ours.Min(), 3), peer, Math.Round(theirs.Min(), 3), Math.Round(theirs.Min() / ours.Min(), 3));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<Comparison>))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
