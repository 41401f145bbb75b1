using Fleet.Campaigns.Running;
using Fleet.Campaigns.Specifications;

namespace Fleet.Grains.Contracts;

/// <summary>Takes campaigns in, one after the other, so that the same content sent twice at once is still one campaign.</summary>
[Alias("fleet.ICampaignRegistryGrain")]
public interface ICampaignRegistryGrain : IGrainWithIntegerKey
{
    [Alias("Submit")]
    Task<Submitted> SubmitAsync(CampaignSpecification specification, bool alwaysNew);
}
