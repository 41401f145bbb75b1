using Fleet.Grains.Ports;

namespace Fleet.Grains.Campaigns;

/// <summary>Takes campaigns in, one after the other, so that the same content sent twice at once is still one campaign.</summary>
[Alias("fleet.ICampaignRegistryGrain")]
public interface ICampaignRegistryGrain : IGrainWithIntegerKey
{
    [Alias("Submit")]
    Task<Submitted> SubmitAsync(CampaignSpecification specification, bool alwaysNew);
}

/// <param name="Resumed">An unfinished campaign of the same content was taken up again, or, of a suite's, a completed one was there.</param>
[GenerateSerializer, Immutable, Alias("fleet.submitted")]
public sealed record Submitted([property: Id(0)] string Campaign, [property: Id(1)] bool Resumed);

/// <inheritdoc cref="ICampaignRegistryGrain"/>
internal sealed class CampaignRegistryGrain(IFleetIndex index, TimeProvider time) : Grain, ICampaignRegistryGrain
{
    public async Task<Submitted> SubmitAsync(CampaignSpecification specification, bool alwaysNew)
    {
        if (!alwaysNew && specification.Suite is not null && await CompleteAsync(specification.Digest) is { } complete)
        {
            return new Submitted(complete, Resumed: true);
        }

        if (!alwaysNew && await UnfinishedAsync(specification.Digest) is { } unfinished
            && await GrainFactory.GetGrain<ICampaignGrain>(unfinished).CommandAsync(CampaignCommand.Resume))
        {
            return new Submitted(unfinished, Resumed: true);
        }

        var campaign = Identity.Campaign(specification.Name, specification.Digest, time.GetUtcNow());
        await GrainFactory.GetGrain<ICampaignGrain>(campaign).StartAsync(specification);
        return new Submitted(campaign, Resumed: false);
    }

    /// <summary>A suite is run over many sittings: what one of them has completed, the next has nothing to do for. What failed is tried anew.</summary>
    private async Task<string?> CompleteAsync(string digest) => (await index.CampaignsAsync(CancellationToken.None))
        .Where(entry => entry.Digest == digest && entry.Summary is { State: CampaignStates.Completed, VariantsFailed: 0, RunsFailed: 0 })
        .OrderByDescending(entry => entry.Summary.CreatedAt)
        .FirstOrDefault()?.Summary.Campaign;

    private async Task<string?> UnfinishedAsync(string digest) => (await index.CampaignsAsync(CancellationToken.None))
        .Where(entry => entry.Digest == digest && entry.Summary.State is CampaignStates.Running or CampaignStates.Paused)
        .OrderByDescending(entry => entry.Summary.CreatedAt)
        .FirstOrDefault()?.Summary.Campaign;
}
