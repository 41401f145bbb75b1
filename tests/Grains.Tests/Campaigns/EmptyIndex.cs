using Fleet.Grains.Ports;

namespace Fleet.Grains.Tests.Campaigns;

/// <summary>A fleet that has done nothing yet.</summary>
internal sealed class EmptyIndex : IFleetIndex
{
    public Task SaveAsync(CampaignEntry entry, CancellationToken cancel) => throw new InvalidOperationException("A plan changes nothing.");

    public Task SaveAsync(DeviceEntry entry, CancellationToken cancel) => throw new InvalidOperationException("A plan changes nothing.");

    public Task SaveAsync(JobEntry entry, CancellationToken cancel) => throw new InvalidOperationException("A plan changes nothing.");

    public ValueTask<IReadOnlyList<CampaignEntry>> CampaignsAsync(CancellationToken cancel) => new([]);

    public ValueTask<IReadOnlyList<DeviceEntry>> DevicesAsync(CancellationToken cancel) => new([]);

    public ValueTask<IReadOnlyList<JobEntry>> JobsAsync(CancellationToken cancel) => new([]);
}
