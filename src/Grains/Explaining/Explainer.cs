using Fleet.Campaigns.Explaining;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;
using Fleet.Grains.Contracts;
using Fleet.Grains.Devices;

namespace Fleet.Grains.Explaining;

/// <summary>Gathers what an explanation is made of. What it comes to is decided by the classes beside it, which know no cluster.</summary>
public sealed class Explainer(IGrainFactory grains, IFleetIndex index, IResultStore results, TimeProvider time)
{
    /// <summary>Explains a campaign, a device or a run; or says why the name is none of them.</summary>
    public async Task<(Explanation? Explanation, string? Problem)> ExplainAsync(string reference, CancellationToken cancel)
    {
        var campaigns = (await index.CampaignsAsync(cancel)).OrderByDescending(entry => entry.Summary.CreatedAt).ToArray();
        var devices = await DeviceList.AllAsync(grains, index, cancel);
        var runs = await OpenRunsAsync(reference, campaigns);
        var closed = IsHexadecimal(reference) ? await results.RunsAsync(reference.ToLowerInvariant(), 2, cancel) : [];
        var (found, problem) = NameFinder.Find(
            reference,
            [.. campaigns.Select(entry => new Named(ExplanationSubject.Campaign, entry.Summary.Campaign, entry.Summary.Name))],
            [.. devices.Select(device => new Named(ExplanationSubject.Device, device.Device, device.Name))],
            [.. runs.Select(run => run.Run).Union(closed).Select(run => new Named(ExplanationSubject.Run, run, run))]);
        return found switch
        {
            null => (null, problem),
            { Kind: ExplanationSubject.Campaign } => (CampaignExplanation.Of(await FactsAsync(found.Id, devices, cancel)), null),
            { Kind: ExplanationSubject.Device } => (await DeviceAsync(devices.First(device => device.Device == found.Id), campaigns), null),
            _ when await results.FindAsync(found.Id, cancel) is { } row =>
                (RunExplanation.Of(row, devices.FirstOrDefault(device => device.Device == row.Device)?.Name ?? row.Device), null),
            _ => (await RunAsync(runs.First(run => run.Run == found.Id), devices, cancel), null),
        };
    }

    private async Task<Explanation> RunAsync(RunPlace run, IReadOnlyList<DeviceSummary> devices, CancellationToken cancel) =>
        RunExplanation.Of(run, await FactsAsync(run.Campaign, devices, cancel));

    private async Task<Explanation> DeviceAsync(DeviceSummary device, IReadOnlyList<CampaignEntry> campaigns)
    {
        var told = new Dictionary<string, string>();
        foreach (var entry in campaigns.Where(entry => entry.Summary.State == CampaignStatus.Running))
        {
            var part = (await WatchAsync(entry.Summary.Campaign)).Detail.Devices.FirstOrDefault(one => one.Device == device.Device);
            told[entry.Summary.Campaign] = part?.Activity ?? "";
        }

        return DeviceExplanation.Of(device, campaigns, told, time.GetUtcNow());
    }

    private async Task<CampaignFacts> FactsAsync(string campaign, IReadOnlyList<DeviceSummary> devices, CancellationToken cancel)
    {
        var queue = (await index.JobsAsync(cancel))
            .Where(entry => entry.Summary.State is JobStatus.Queued or JobStatus.Waiting or JobStatus.Training)
            .OrderBy(entry => entry.DemandedAt)
            .Select(entry => entry.Summary);
        return new CampaignFacts(await WatchAsync(campaign), devices, [.. queue], await results.RowsAsync(campaign, cancel), time.GetUtcNow());
    }

    // Only campaigns that have not ended have open runs that may still be measured; a cancelled one's are told of, too.
    private async Task<IReadOnlyList<RunPlace>> OpenRunsAsync(string reference, IEnumerable<CampaignEntry> campaigns)
    {
        if (!IsHexadecimal(reference))
        {
            return [];
        }

        var found = new List<RunPlace>();
        foreach (var entry in campaigns.Where(entry => entry.Summary.RunsClosed < entry.Summary.Runs))
        {
            found.AddRange(await grains.GetGrain<ICampaignGrain>(entry.Summary.Campaign).FindRunsAsync(reference.ToLowerInvariant()));
        }

        return found;
    }

    private async Task<CampaignView> WatchAsync(string campaign) =>
        await grains.GetGrain<ICampaignGrain>(campaign).WatchAsync(long.MaxValue)
            ?? throw new InvalidOperationException($"Campaign {campaign} is in the index, but its grain knows nothing of it.");

    private static bool IsHexadecimal(string text) => text.Length > 0 && text.All(char.IsAsciiHexDigit);
}
