using Fleet.Campaigns.Ports;
using Fleet.Domain.Devices;
using Fleet.Grains.Contracts;

namespace Fleet.Grains.Devices;

/// <summary>The devices as their grains know them.</summary>
public static class DeviceList
{
    /// <summary>Every device that ever enrolled, by name.</summary>
    public static async Task<DeviceSummary[]> AllAsync(IGrainFactory grains, IFleetIndex index, CancellationToken cancel)
    {
        var entries = await index.DevicesAsync(cancel);
        var summaries = await Task.WhenAll(entries.Select(entry => SummaryAsync(grains.GetGrain<IDeviceGrain>(entry.Description.Device))));
        return
        [
            .. summaries.OfType<DeviceSummary>()
                .OrderBy(device => device.Name, StringComparer.Ordinal)
                .ThenBy(device => device.Device, StringComparer.Ordinal),
        ];
    }

    // One whose state cannot be read has been reported by the storage, and must not hide the others.
    private static async Task<DeviceSummary?> SummaryAsync(IDeviceGrain device)
    {
        try
        {
            return await device.SummaryAsync();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return null;
        }
    }
}
