using System.Diagnostics.Metrics;
using Fleet.Grains.Campaigns;
using Fleet.Grains.Ports;
using Fleet.Protocol.Results;
using Fleet.Silo.Storage;

namespace Fleet.Silo.Telemetry;

/// <summary>The latest row of each (campaign, variant, condition, device), of the campaigns that metrics still tell of: the active ones and the last 20.</summary>
internal sealed class CurrentResults(SqliteFleetIndex index, IResultStore store)
{
    private const int Finished = 20;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Closed, Series[] Series)> read = [];

    public IEnumerable<Measurement<double>> Measure(Func<ResultRow, double?> value)
    {
        foreach (var series in Current())
        {
            if (value(series.Row) is { } known && double.IsFinite(known))
            {
                yield return new Measurement<double>(known, series.Tags);
            }
        }
    }

    private Series[] Current()
    {
        lock (gate)
        {
            var told = index.Campaigns
                .OrderByDescending(entry => entry.Summary.State is CampaignStates.Running or CampaignStates.Paused)
                .ThenByDescending(entry => entry.Summary.CreatedAt)
                .Where((entry, place) => place < Finished || entry.Summary.State is CampaignStates.Running or CampaignStates.Paused)
                .ToArray();
            foreach (var gone in read.Keys.Except(told.Select(entry => entry.Summary.Campaign)).ToArray())
            {
                read.Remove(gone);
            }

            // A campaign's rows are read again only when there are more of them than before.
            foreach (var summary in told.Select(entry => entry.Summary))
            {
                if (!read.TryGetValue(summary.Campaign, out var before) || before.Closed != summary.RunsClosed)
                {
                    read[summary.Campaign] = (summary.RunsClosed, Read(summary.Campaign));
                }
            }

            return [.. read.Values.SelectMany(entry => entry.Series)];
        }
    }

    private Series[] Read(string campaign)
    {
        // The meter asks from a thread of its own and takes no task.
        var rows = store.RowsAsync(campaign, CancellationToken.None).GetAwaiter().GetResult();
        var names = index.Devices.ToDictionary(entry => entry.Description.Device, entry => entry.Description.Name);
        return
        [
            .. rows
                .Where(row => row.Validity != Validities.Failed)
                .GroupBy(row => (row.VariantName, row.Mode, row.Phase, row.Device))
                .Select(group => group.Last())
                .Select(row => new Series(row, Tags(row, names.GetValueOrDefault(row.Device, row.Device)))),
        ];
    }

    private static KeyValuePair<string, object?>[] Tags(ResultRow row, string device) =>
    [
        new("campaign", row.Campaign),
        new("task", row.Task),
        new("variant", row.VariantName),
        new("method", row.Method),
        new("precision", row.Precision),
        new("mode", row.Mode),
        new("device", device),
        new("board", row.Board),
        new("arch", row.Arch),
        new("emulated", row.Emulated),
    ];

    private sealed record Series(ResultRow Row, KeyValuePair<string, object?>[] Tags);
}
