using System.Diagnostics.Metrics;
using Fleet.Campaigns.Ports;

namespace Fleet.Silo.Telemetry;

/// <summary>What the stored results of the <see cref="ToldCampaigns"/> say, as measurements: series over seeds and replicates, and blocks counted.</summary>
internal sealed class CurrentResults(ToldCampaigns told, IFleetIndex index, IResultStore store)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Closed, CampaignResults Results)> read = [];

    /// <summary>
    /// A value of each (campaign, variant, condition, device). What was not measured is left out, and so is a device that was removed.
    /// </summary>
    public IEnumerable<Measurement<double>> Measure(Func<Series, double?> value)
    {
        lock (gate)
        {
            var enrolled = Enrolled();
            return
            [
                .. from results in Current()
                   from series in results.All
                   where enrolled.Contains(series.Device)
                   let known = value(series)
                   where known is { } number && double.IsFinite(number)
                   select new Measurement<double>(known.Value, series.Tags),
            ];
        }
    }

    /// <summary>Blocks of all stored results, by campaign, device, validity and reason.</summary>
    public IEnumerable<Measurement<long>> Blocks()
    {
        lock (gate)
        {
            var enrolled = Enrolled();
            return [.. Current().SelectMany(results => results.Blocks(enrolled.Contains))];
        }
    }

    /// <summary>Stored rows that are damaged, by campaign.</summary>
    public IEnumerable<Measurement<long>> Unreadable()
    {
        lock (gate)
        {
            return [.. Current().Select(results => new Measurement<long>(results.Unreadable, new KeyValuePair<string, object?>("campaign", results.Campaign)))];
        }
    }

    private IReadOnlyList<CampaignResults> Current()
    {
        var campaigns = told.Entries().Select(entry => entry.Summary).ToArray();
        foreach (var gone in read.Keys.Except(campaigns.Select(summary => summary.Campaign)).ToArray())
        {
            read.Remove(gone);
        }

        // Stored rows never change, so only those are read that came since.
        foreach (var summary in campaigns)
        {
            var (closed, results) = read.GetValueOrDefault(summary.Campaign, (-1, new CampaignResults(summary.Campaign)));
            if (closed != summary.RunsClosed)
            {
                results.Add(store.StoredAfter(summary.Campaign, results.Sequence), Name);
                read[summary.Campaign] = (summary.RunsClosed, results);
            }
        }

        return [.. read.Values.Select(one => one.Results)];
    }

    private HashSet<string> Enrolled() => [.. index.Devices.Select(entry => entry.Description.Device)];

    private string Name(string device) => index.Devices.FirstOrDefault(entry => entry.Description.Device == device)?.Description.Name ?? device;
}
