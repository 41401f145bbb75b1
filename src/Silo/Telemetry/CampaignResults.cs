using System.Diagnostics.Metrics;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Results;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;

namespace Fleet.Silo.Telemetry;

/// <summary>One campaign's results as measurements; grows with what is stored. Runs that differ in seed or replicate only are one series.</summary>
internal sealed class CampaignResults(string campaign)
{
    private const string NoReason = "none";
    private const string OtherReason = "other";
    private readonly Dictionary<(string Variant, string Mode, string Phase, string Setting, string Device), Series> series = [];
    private readonly Dictionary<(string Id, string Device, Validity Validity, string Reason), long> blocks = [];

    public string Campaign => campaign;

    /// <summary>Of the last result taken in.</summary>
    public long Sequence { get; private set; }

    /// <summary>Stored rows that are damaged.</summary>
    public int Unreadable { get; private set; }

    public IReadOnlyCollection<Series> All => series.Values;

    /// <param name="isEnrolled">Of a device's id; the others are left out.</param>
    public IEnumerable<Measurement<long>> Blocks(Func<string, bool> isEnrolled) =>
        blocks.Where(count => isEnrolled(count.Key.Id)).Select(count => new Measurement<long>(
        count.Value,
        new("campaign", campaign),
        new("device", count.Key.Device),
        new("validity", count.Key.Validity.Word()),
        new("reason", count.Key.Reason)));

    /// <param name="name">A device's name for people.</param>
    public void Add(IReadOnlyList<(long Sequence, StoredResult Result)> stored, Func<string, string> name)
    {
        foreach (var (sequence, (row, measurement)) in stored)
        {
            Sequence = sequence;
            if (row.Validity != Validity.Failed)
            {
                var device = name(row.Device);
                var key = (row.VariantName, row.Mode, row.Phase, row.Setting, row.Device);
                series[key] = series.TryGetValue(key, out var others) ? others.With(row) : new Series(device, [row]);
                Count(row.Device, device, MeasurementReader.TryRead(measurement.Span, row.Task).Measurement);
            }
            else if (!row.IsReadable)
            {
                Unreadable++;
            }
        }
    }

    private void Count(string id, string device, RunMeasurement? measurement)
    {
        foreach (var block in measurement?.Blocks ?? [])
        {
            var key = (id, device, block.Validity, Reason(block));
            blocks[key] = blocks.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>
    /// The code of the last that was found: where a block was taken back, that decided. Labels stay few: codes that are not known here are one.
    /// </summary>
    private static string Reason(Block block) =>
        block.Reasons is not [.., var last] ? NoReason : ReasonText.IsKnown(last.Code) ? last.Code : OtherReason;
}
