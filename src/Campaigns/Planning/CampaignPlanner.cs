using Fleet.Kernels.Structures;
using Fleet.Protocol;
using Fleet.Protocol.Api;

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
    };

    private static PlannedVariant Plan(CampaignSpecification specification, VariantSpecification variant, bool ready)
    {
        var recipe = variant.Recipe;
        var (data, readsTokens) = (specification.Data, KnownTasks.Find(specification.Data.Task)?.ReadsTokens ?? false);
        var embedding = readsTokens ? new EmbeddingStructure(data.Classes, recipe.Embedding ?? recipe.Hidden) : null;
        var shape = CellNames.Shape(recipe.Cell, embedding?.Width ?? data.Input, recipe.Hidden);
        var layers = LayerAllocator.Allocate(
            shape, recipe.LayerCount, recipe.Bidirectional, CellMethods.Find(recipe.Method)!, recipe.Compression, recipe.MethodParameters);
        var structure = new ModelStructure(embedding, !readsTokens, layers, new HeadStructure(readsTokens ? HeadKind.Language : HeadKind.Sequence, data.Classes));
        return new PlannedVariant
        {
            Variant = variant.Key,
            Name = variant.Name,
            Task = specification.Data.Task,
            Method = recipe.Method,
            Compression = (double)LayerAllocator.Dense(shape, recipe.LayerCount, recipe.Bidirectional).Sum(layer => layer.Parameters) / layers.Sum(layer => layer.Parameters),
            Parameters = structure.Parameters,
            Seed = variant.Seed,
            Ready = ready,
        };
    }
}
