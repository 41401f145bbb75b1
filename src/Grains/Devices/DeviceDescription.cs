using System.Collections.Immutable;

namespace Fleet.Grains.Devices;

/// <summary>What an agent says of itself and its board when it enrols.</summary>
[GenerateSerializer, Immutable, Alias("fleet.device-description")]
public sealed record DeviceDescription
{
    /// <summary>A UUID that the agent keeps.</summary>
    [Id(0)] public required string Device { get; init; }

    [Id(1)] public required string Name { get; init; }

    [Id(2)] public required string AgentVersion { get; init; }

    /// <summary>The board's hardware model.</summary>
    [Id(3)] public required string Board { get; init; }

    [Id(4)] public required string Arch { get; init; }

    [Id(5)] public required string Isa { get; init; }

    [Id(6)] public required int Cores { get; init; }

    [Id(7)] public required long MemoryBytes { get; init; }

    [Id(8)] public required string Os { get; init; }

    [Id(9)] public required string Kernel { get; init; }

    /// <summary>aot | jit</summary>
    [Id(10)] public required string Runtime { get; init; }

    [Id(11)] public required bool Emulated { get; init; }

    /// <summary>Equal for all processes on one machine.</summary>
    [Id(12)] public required string Machine { get; init; }

    /// <summary>Tags that people gave.</summary>
    [Id(13)] public required ImmutableSortedDictionary<string, string> GivenTags { get; init; }

    /// <summary>Devices of one class share a scheduler.</summary>
    public string BoardClass => $"{Board}|{Arch}";

    /// <summary>The given tags and those that were found; a found one cannot be overruled.</summary>
    public SortedDictionary<string, string> Tags() => new(GivenTags.ToDictionary(), StringComparer.Ordinal)
    {
        ["arch"] = Arch,
        ["board"] = Board,
        ["cores"] = Cores.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["emulated"] = Emulated ? "true" : "false",
        ["isa"] = Isa,
        ["name"] = Name,
        ["runtime"] = Runtime,
    };

    /// <inheritdoc cref="TagSelector.Matches"/>
    public bool Matches(IReadOnlyCollection<string> selector) => TagSelector.Matches(Tags(), selector);
}
