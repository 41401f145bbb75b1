using Fleet.Grains.Compression;
using Fleet.Grains.Ports;
using Fleet.Kernels.Structures;
using Fleet.Protocol;
using Fleet.Protocol.Api;

namespace Fleet.Grains.Campaigns;

/// <summary>Says what a campaign would do, without doing it.</summary>
public static class CampaignPlanner
{
    /// <param name="trainingsAtOnce">Of the silo.</param>
    public static async Task<CampaignPlan> PlanAsync(CampaignSpecification specification, IFleetIndex index, int trainingsAtOnce, CancellationToken cancel)
    {
        var jobs = (await index.JobsAsync(cancel)).ToDictionary(job => job.Summary.Variant);
        var devices = (await index.DevicesAsync(cancel))
            .Where(entry => entry.Description.Matches(specification.Devices))
            .Select(entry => new PlannedDevice
            {
                Device = entry.Description.Device,
                Name = entry.Description.Name,
                Board = entry.Description.Board,
                Arch = entry.Description.Arch,
                Runs = Reconciliation.RunsOfDevice(specification),
            })
            .ToArray();
        var perRun = (await index.CampaignsAsync(cancel)).Where(entry => entry.Task == specification.Data.Task).Select(entry => entry.SecondsPerRun).OfType<double>().ToArray();
        var variants = specification.Variants.Select(variant => Plan(specification, variant, jobs.GetValueOrDefault(variant.Key))).ToArray();
        return new CampaignPlan
        {
            Name = specification.Name,
            Variants = variants,
            Devices = devices,
            Runs = devices.Sum(device => device.Runs),
            TrainingSeconds = TrainingEstimate.Of(specification, jobs.Values, trainingsAtOnce),
            // Devices measure side by side, each all of its runs.
            DeviceSeconds = perRun.Length > 0 ? perRun.Average() * Reconciliation.RunsOfDevice(specification) : null,
        };
    }

    private static PlannedVariant Plan(CampaignSpecification specification, VariantSpecification variant, JobEntry? job)
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
            Ready = job?.Summary.State == JobStates.Ready,
        };
    }
}
