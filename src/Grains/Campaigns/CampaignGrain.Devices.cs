using System.Collections.Immutable;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Reasons;

namespace Fleet.Grains.Campaigns;

// Who takes part.
internal sealed partial class CampaignGrain
{
    public Task<string?> ProgressAsync(SessionProgress progress)
    {
        standing.Activities[progress.Device] = progress;
        var left = State.Departed(progress.Device);
        return Task.FromResult(State.Status switch
        {
            CampaignStatus.Running or CampaignStatus.Completed when left is { Excluded: true } => "The device was excluded from the campaign.",
            // Who is back, and has not been noticed yet, goes on.
            CampaignStatus.Running => null,
            CampaignStatus.Completed when left is not null => "The campaign ended without the device.",
            // A session may outlast the campaign by the moment that it takes to say that it is over.
            CampaignStatus.Completed => null,
            _ => "The campaign is not running.",
        });
    }

    public async Task<bool> ExcludeAsync(string device, bool excluded)
    {
        if (State.Specification is null || State.Ended)
        {
            return false;
        }

        if (excluded != State.Departed(device) is { Excluded: true })
        {
            var others = State.Departures.Where(departure => departure.Device != device);
            await DepartAsync([.. others, .. excluded ? new[] { new Departure(device, ReasonCodes.DeviceExcluded, time.GetUtcNow()) } : []]);
            await LookAsync();
        }

        return true;
    }

    private async Task<IReadOnlyDictionary<string, DeviceEntry>> FleetAsync() =>
        (await index.DevicesAsync(CancellationToken.None)).ToDictionary(entry => entry.Description.Device);

    private async Task AdmitAsync(IReadOnlyList<DeviceDescription> devices)
    {
        var joining = devices.Where(device => !State.TakesPart(device.Device)).ToArray();
        if (joining.Length == 0)
        {
            return;
        }

        await SaveAsync(State with { Devices = [.. State.Devices, .. joining] });
        foreach (var device in joining)
        {
            events.Add(CampaignEventKind.Note, $"{device.Name} ({device.Board}) takes part.");
        }
    }

    /// <summary>Writes down who has left and who is back, where that has changed.</summary>
    private async Task DepartAsync(ImmutableArray<Departure> departures)
    {
        var changes = standing.Changes(State, departures).ToArray();
        if (changes.Length == 0)
        {
            return;
        }

        await SaveAsync(State with { Departures = departures });
        foreach (var change in changes)
        {
            events.Add(CampaignEventKind.Note, change);
        }
    }
}
