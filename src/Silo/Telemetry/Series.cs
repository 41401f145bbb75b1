using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Statistics;

namespace Fleet.Silo.Telemetry;

/// <summary>
/// A variant in one condition on one device: its runs (seeds and replicates) taken together as the report does. Invalid runs are left
/// out where there are others; the label <c>validity</c> is the worst of those that are in it.
/// </summary>
internal sealed class Series
{
    private readonly string device;
    private readonly IReadOnlyList<ResultRow> rows;
    private readonly ResultRow[] counted;

    /// <param name="device">The device's name for people.</param>
    /// <param name="rows">At least one; all of one campaign, variant name, condition and device.</param>
    public Series(string device, IReadOnlyList<ResultRow> rows)
    {
        this.device = device;
        this.rows = rows;
        var sound = rows.Where(row => row.Validity != Validity.Invalid).ToArray();
        counted = sound.Length > 0 ? sound : [.. rows];
        Tags = TagsOf(counted[^1], Worst);
    }

    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>The device's id.</summary>
    public string Device => rows[0].Device;

    private Validity Worst => counted.Max(row => row.Validity);

    public Series With(ResultRow row) => new(device, [.. rows, row]);

    /// <summary>Over the runs that have the value; null where none has.</summary>
    /// <param name="over">How several are taken together.</param>
    public Estimate? Of(Func<ResultRow, Estimate?> value, Func<IReadOnlyList<Estimate>, Estimate> over)
    {
        var known = counted.Select(value).OfType<Estimate>().Where(estimate => double.IsFinite(estimate.Value)).ToArray();
        return known.Length == 0 ? null : over(known);
    }

    private KeyValuePair<string, object?>[] TagsOf(ResultRow row, Validity validity) =>
    [
        new("campaign", row.Campaign),
        new("task", row.Task),
        new("metric", row.Metric),
        new("variant", row.VariantName),
        new("method", row.Method),
        new("precision", row.Precision),
        new("mode", row.Mode),
        new("phase", row.Phase),
        new("cores", row.Cores ?? CoreChoice.Any.ToString()),
        new("device", device),
        new("board", row.Board),
        new("arch", row.Arch),
        new("emulated", row.Emulated),
        new("validity", validity.Word()),
    ];
}
