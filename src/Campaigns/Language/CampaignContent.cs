using Fleet.Domain.Measuring;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Language;

/// <summary>What a sound campaign file says, before any data is bound to it.</summary>
internal sealed record CampaignContent
{
    public required string Name { get; init; }
    /// <summary>The suite that it is a benchmark of, or null.</summary>
    public string? Suite { get; init; }
    public required string Task { get; init; }
    public required IReadOnlyList<long> Seeds { get; init; }
    public required IReadOnlyList<NamedRecipe> Recipes { get; init; }
    public required string Reference { get; init; }
    public required IReadOnlyList<string> Devices { get; init; }
    public required IReadOnlyList<Condition> Conditions { get; init; }
    public required int Replicates { get; init; }
    public required MeasuringSpecification Measuring { get; init; }
    public required int Priority { get; init; }
    /// <summary><see cref="CampaignSpecification.Claims"/></summary>
    public required string Claims { get; init; }
    public required TimeSpan Patience { get; init; }
}

internal sealed record NamedRecipe(string Name, Recipe Recipe);

/// <summary>A campaign read whole: its content where it is sound, else everything that is wrong with it.</summary>
/// <param name="Benchmark">Its name within the file's suite; null where the file is this one campaign.</param>
internal sealed record CampaignReading(
    CampaignContent? Content, IReadOnlyList<FileProblem> Problems, IReadOnlyList<string> Tasks, ModelImport? Import = null, string? Benchmark = null);
