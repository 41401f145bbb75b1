using System.Collections.Immutable;
using System.Globalization;

namespace Fleet.Domain.Devices;

/// <summary>What an agent says of itself and its board when it enrols.</summary>
public sealed record DeviceDescription
{
    /// <summary>A UUID that the agent keeps.</summary>
    public required string Device { get; init; }

    public required string Name { get; init; }

    public required string AgentVersion { get; init; }

    /// <summary>The board's hardware model.</summary>
    public required string Board { get; init; }

    public required string Arch { get; init; }

    public required string Isa { get; init; }

    public required int Cores { get; init; }

    public required long MemoryBytes { get; init; }

    public required string Os { get; init; }

    public required string Kernel { get; init; }

    /// <summary>aot | jit</summary>
    public required string Runtime { get; init; }

    public required bool Emulated { get; init; }

    /// <summary>Equal for all processes on one machine.</summary>
    public required string Machine { get; init; }

    /// <summary>Tags that people gave.</summary>
    public required ImmutableSortedDictionary<string, string> GivenTags { get; init; }

    /// <summary>Devices of one class share a scheduler.</summary>
    public string BoardClass => $"{Board}|{Arch}";

    /// <summary>The given tags and those that were found; a found one cannot be overruled.</summary>
    public ImmutableSortedDictionary<string, string> Tags() => GivenTags.SetItems(
    [
        new("arch", Arch),
        new("board", Board),
        new("cores", Cores.ToString(CultureInfo.InvariantCulture)),
        new("emulated", Emulated ? "true" : "false"),
        new("isa", Isa),
        new("name", Name),
        new("runtime", Runtime),
    ]);

    /// <inheritdoc cref="TagSelector.Matches"/>
    public bool Matches(IReadOnlyCollection<string> selector) => TagSelector.Matches(Tags(), selector);
}
