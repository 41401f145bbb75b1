using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Planning;

/// <summary>Says what a campaign would do, without doing it.</summary>
public static class CampaignPlanner
{
    public static CampaignPlan Plan(CampaignSpecification specification, PlanningFacts facts) => new()
    {
        Name = specification.Name,
        Variants = [.. specification.Variants.Select(variant => Plan(specification, variant, facts.Ready.Contains(variant.Key)))],
        Devices = facts.Devices,
        Runs = facts.Devices.Sum(device => device.Runs),
        TrainingSeconds = TrainingEstimate.Of(specification, facts),
        // Devices measure side by side, each all of its runs.
        DeviceSeconds = facts.SecondsPerRun * specification.RunsPerDevice,
        DeviceSecondsAtMost = (MaxSessions(specification) * specification.Conditions.Length * specification.Measuring.TimeLimit).TotalSeconds,
    };

    /// <summary>How many variants a device measures side by side in one session, the reference among them.</summary>
    public const int MaxVariantsOfSession = 16;

    // Each session measures the reference anew, beside others of its seed.
    private static int MaxSessions(CampaignSpecification specification) => specification.Replicates * specification.Variants
        .CountBy(variant => variant.Seed)
        .Sum(seed => Math.Max(1, (seed.Value - 1 + MaxVariantsOfSession - 2) / (MaxVariantsOfSession - 1)));

    internal static ModelStructure Structure(CampaignSpecification specification, VariantSpecification variant)
    {
        var recipe = variant.Recipe;
        var (data, readsTokens) = (specification.Data, KnownTasks.Find(specification.Data.Task)?.ReadsTokens ?? false);
        var embedding = readsTokens ? new EmbeddingStructure(data.Classes, recipe.Embedding ?? recipe.Hidden) : null;
        var layers = LayerAllocator.Allocate(
            CellNames.Shape(recipe.Cell, embedding?.Width ?? data.Input, recipe.Hidden), recipe.LayerCount, recipe.Bidirectional,
            CellMethods.Find(recipe.Method)!, recipe.Compression, recipe.MethodParameters);
        return new ModelStructure(embedding, !readsTokens, layers, new HeadStructure(readsTokens ? HeadKind.Language : HeadKind.Sequence, data.Classes));
    }

    private static PlannedVariant Plan(CampaignSpecification specification, VariantSpecification variant, bool ready)
    {
        var recipe = variant.Recipe;
        var structure = Structure(specification, variant);
        var shape = CellNames.Shape(recipe.Cell, structure.Embedding?.Width ?? specification.Data.Input, recipe.Hidden);
        return new PlannedVariant
        {
            Variant = variant.Key,
            Name = variant.Name,
            Task = specification.Data.Task,
            Method = recipe.Method,
            Compression = (double)LayerAllocator.Dense(shape, recipe.LayerCount, recipe.Bidirectional)
                .Sum(layer => layer.Parameters) / structure.Layers.Sum(layer => layer.Parameters),
            Parameters = structure.Parameters,
            Seed = variant.Seed,
            Ready = ready,
        };
    }
}
