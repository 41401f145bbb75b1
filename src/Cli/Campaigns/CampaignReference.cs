using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Reports.Quantities;

namespace Fleet.Cli.Campaigns;

/// <summary>Finds the one thing that a person named: by its id, the beginning of its id, or its name.</summary>
internal static class CampaignReference
{
    public const string Last = "last";

    public static async Task<CampaignSummary> CampaignAsync(SiloClient client, string reference, CancellationToken cancel)
    {
        var campaigns = (await client.CampaignsAsync(cancel).ConfigureAwait(false)).OrderByDescending(one => one.CreatedAt).ToList();
        if (reference == Last)
        {
            return campaigns.Count > 0 ? campaigns[0] : throw CommandFailedException.Usage("There is no campaign yet.", "Start one: fleet campaign run FILE");
        }

        // What was run again with --new has the name of what was before it: the newest is meant.
        return campaigns.FirstOrDefault(
            one => string.Equals(one.Name, reference, StringComparison.OrdinalIgnoreCase) && campaigns.TrueForAll(other => other.Campaign != reference))
            ?? Find("campaign", reference, campaigns, one => one.Campaign, one => one.Name, "fleet campaign list");
    }

    /// <summary>
    /// The campaigns of the suite of that name, of each benchmark the latest, in the order in which they were begun; empty where there is no such suite.
    /// </summary>
    public static async Task<IReadOnlyList<CampaignSummary>> SuiteAsync(SiloClient client, string name, CancellationToken cancel) =>
    [
        .. (await client.CampaignsAsync(cancel).ConfigureAwait(false))
            .Where(one => string.Equals(one.Suite, name, StringComparison.OrdinalIgnoreCase))
            .GroupBy(one => one.Name)
            .Select(group => group.MaxBy(one => one.CreatedAt)!)
            .OrderBy(one => one.CreatedAt),
    ];

    public static async Task<DeviceSummary> DeviceAsync(SiloClient client, string reference, CancellationToken cancel) =>
        Find("device", reference, await client.DevicesAsync(cancel).ConfigureAwait(false), one => one.Device, one => one.Name, "fleet device list");

    /// <summary>A device of the fleet, or one that takes part in the campaign and may have been removed since.</summary>
    public static async Task<KnownDevice> DeviceAsync(SiloClient client, string campaign, string reference, CancellationToken cancel)
    {
        var fleet = (await client.DevicesAsync(cancel).ConfigureAwait(false)).Select(device => new KnownDevice(device.Device, device.Name));
        var part = (await client.CampaignAsync(campaign, cancel).ConfigureAwait(false)).Devices.Select(device => new KnownDevice(device.Device, device.Name));
        return Find(
            "device", reference, [.. fleet.UnionBy(part, device => device.Device)], device => device.Device, device => device.Name, "fleet device list");
    }

    /// <summary>The one of that key or beginning of a key, or all of that name, by task and seed.</summary>
    public static async Task<IReadOnlyList<JobSummary>> JobsAsync(SiloClient client, string reference, CancellationToken cancel)
    {
        var all = await client.JobsAsync(cancel).ConfigureAwait(false);
        JobSummary[] named = [.. all
            .Where(one => string.Equals(one.Name, reference, StringComparison.OrdinalIgnoreCase))
            .OrderBy(one => one.Task, StringComparer.Ordinal)
            .ThenBy(one => one.Seed)];
        return named.Length > 0 ? named : [Find("job", reference, all, one => one.Variant, one => one.Name, "fleet job list")];
    }

    internal static T Find<T>(string what, string reference, IReadOnlyList<T> all, Func<T, string> id, Func<T, string> name, string listing)
    {
        if (all.FirstOrDefault(one => id(one) == reference) is { } exact)
        {
            return exact;
        }

        var found = all.Where(one => id(one).StartsWith(reference, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0)
        {
            found = [.. all.Where(one => string.Equals(name(one), reference, StringComparison.OrdinalIgnoreCase))];
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw CommandFailedException.Usage(
                $"There is no {what} '{reference}'.",
                Suggestions.DidYouMean(reference, all.SelectMany(one => (string[])[name(one), id(one)])) ?? $"See them: {listing}"),
            _ => throw CommandFailedException.Usage(
                $"'{reference}' may be any of {found.Count} {what}s:"
                    + $" {string.Join(", ", found.Take(5).Select(one => $"{Quantity.Short(id(one))} ({name(one)})"))}.",
                "Give more of the id."),
        };
    }
}

/// <param name="Device">Its id.</param>
internal sealed record KnownDevice(string Device, string Name);
