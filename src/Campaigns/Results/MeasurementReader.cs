using System.Text.Json;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Results;

/// <summary>Reads what a device measured: the only door by which a measurement comes in, or out of the store again.</summary>
public static class MeasurementReader
{
    /// <summary>The measurement, if all of it is possible; its explanations are bounded and plain.</summary>
    /// <param name="json">As it was sent.</param>
    /// <param name="task">That was leased.</param>
    /// <exception cref="UnusableMeasurementException">It cannot be read, or a value in it is impossible; the reason names the field.</exception>
    public static RunMeasurement Read(ReadOnlySpan<byte> json, string task)
    {
        var measurement = Parse(json);
        return MeasurementCheck.FindFault(measurement, KnownTasks.MetricOf(task)) is { } fault
            ? throw new UnusableMeasurementException(new Reason(ReasonCodes.ImpossibleValue, Detail: fault))
            : Clean(measurement);
    }

    /// <summary>The same of what was stored, which may be damaged.</summary>
    /// <returns>The measurement, or why there is none.</returns>
    public static (RunMeasurement? Measurement, Reason? Fault) TryRead(ReadOnlySpan<byte> json, string task)
    {
        try
        {
            return (Read(json, task), null);
        }
        catch (UnusableMeasurementException error)
        {
            return (null, new Reason(ReasonCodes.BlocksUnreadable, Detail: error.Reason.Detail));
        }
    }

    /// <summary>As JSON, for the store.</summary>
    public static byte[] Write(RunMeasurement measurement) => JsonSerializer.SerializeToUtf8Bytes(measurement, MeasurementJson.Default.RunMeasurement);

    private static RunMeasurement Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MeasurementJson.Default.RunMeasurement)
                ?? throw new UnusableMeasurementException(new Reason(ReasonCodes.Unreadable, Detail: "it is null"));
        }
        catch (JsonException error)
        {
            throw new UnusableMeasurementException(new Reason(ReasonCodes.Unreadable, Detail: PlainText.Clean(error.Message, PlainText.MaxDetail)));
        }
    }

    private static RunMeasurement Clean(RunMeasurement measurement) => measurement with
    {
        Reasons = Clean(measurement.Reasons),
        Blocks = [.. measurement.Blocks.Select(block => block.Reasons.Count == 0 ? block : block with { Reasons = Clean(block.Reasons) })],
        Pin = measurement.Pin is { } pin ? pin with { Notes = [.. pin.Notes.Select(note => PlainText.Clean(note, PlainText.MaxDetail))] } : null,
    };

    private static Reason[] Clean(IReadOnlyList<Reason> reasons) =>
        [.. reasons.Select(reason => reason.Detail is { } detail ? reason with { Detail = PlainText.Clean(detail, PlainText.MaxDetail) } : reason)];
}

/// <summary>A measurement that can never be taken, and why.</summary>
public sealed class UnusableMeasurementException(Reason reason) : Exception(ReasonText.Of(reason))
{
    public Reason Reason => reason;
}
