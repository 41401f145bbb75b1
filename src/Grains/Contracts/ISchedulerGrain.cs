using Fleet.Campaigns.Sessions;

namespace Fleet.Grains.Contracts;

/// <summary>Picks the next session for the free devices of one board class. Its key is the class.</summary>
[Alias("fleet.ISchedulerGrain")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    [Alias("Pick")]
    Task<SessionProposal> PickAsync(DeviceOffer offer);
}
