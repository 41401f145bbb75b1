namespace Fleet.Cli.Campaigns;

/// <summary>What <c>fleet sweep</c> was asked for.</summary>
internal sealed record SweepFlags
{
    public required string Task { get; init; }
    public string? Name { get; init; }
    public required IReadOnlyList<string> Methods { get; init; }
    public required IReadOnlyList<double> Compression { get; init; }
    public required int Hidden { get; init; }
    public int? Epochs { get; init; }
    public required IReadOnlyList<long> Seeds { get; init; }
    public required IReadOnlyList<string> Modes { get; init; }
    /// <summary><c>key=value</c>, all of which must hold; empty is every device.</summary>
    public required IReadOnlyList<string> Devices { get; init; }
    public required int Replicates { get; init; }
}
