using System.Collections.Immutable;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;
using Fleet.Protocol.V1;

namespace Fleet.Silo.Gateway;

/// <summary>What an agent's messages may hold. Identifiers that cannot be are refused; words and readings are bounded and made plain.</summary>
internal static class DoorCheck
{
    private const int MaxReadings = 64;
    private const int MaxKey = 64;
    private const int MaxUndelivered = 100_000;
    private const double MaxReading = 1e18;

    /// <summary>No clock is that wrong: a board without a battery starts in 1970, and one that was set by hand stays within a lifetime.</summary>
    private static readonly TimeSpan MaxClockError = TimeSpan.FromDays(365 * 50);

    /// <summary>Why the report can never be taken: it names something that no silo ever named so. Null where it may be.</summary>
    public static string? Refuse(RunReport report)
    {
        (string Field, string Value)[] names =
            [("run", report.Run), ("session", report.Session), ("variant", report.Variant), ("model_sha256", report.ModelSha256)];
        foreach (var (field, value) in names)
        {
            if (!PlainText.IsPlain(value, PlainText.MaxName))
            {
                return $"The report's {field} is longer than {PlainText.MaxName} characters, or has characters that cannot be shown.";
            }
        }

        return null;
    }

    /// <summary>When the run began, or what is wrong with the time that the agent gave.</summary>
    public static (DateTimeOffset At, Reason? Fault) StartedAt(RunReport report, DateTimeOffset now)
    {
        if (report.StartedAt is not { } told)
        {
            return (now, null);
        }

        var (first, last) = (DateTimeOffset.UnixEpoch.ToUnixTimeSeconds(), (now + MaxClockError).ToUnixTimeSeconds());
        return told.Seconds >= first && told.Seconds <= last && told.Nanos is >= 0 and < 1_000_000_000
            ? (told.ToDateTimeOffset(), null)
            : (now, new Reason(ReasonCodes.ImpossibleValue, Detail: $"started_at is {told.Seconds} s and {told.Nanos} ns after 1970"));
    }

    /// <summary>Why the run could not be done; null where it was.</summary>
    public static Reason? Failure(RunReport report)
    {
        if (report.FailureCode.Length == 0 && report.Failure.Length == 0)
        {
            return null;
        }

        var code = ReasonText.IsOfDevice(report.FailureCode) ? report.FailureCode : ReasonCodes.Text;
        return new Reason(code, Detail: Words(report.Failure.Length > 0 ? report.Failure : report.FailureCode));
    }

    public static string Words(string text) => PlainText.Clean(text, PlainText.MaxDetail);

    public static double Share(double value) => double.IsFinite(value) ? Math.Clamp(value, 0, 1) : 0;

    public static ImmutableHashSet<string> Undelivered(WorkRequest request) =>
        [.. request.Undelivered.Take(MaxUndelivered).Where(run => PlainText.IsPlain(run, PlainText.MaxName))];

    /// <summary>JSON and Prometheus take no NaN; a reading that is none, or cannot be, is left out.</summary>
    public static ImmutableSortedDictionary<string, double> Telemetry(IEnumerable<KeyValuePair<string, double>> readings) =>
        readings.Where(reading => IsKey(reading.Key) && IsReading(reading.Key, reading.Value))
            .OrderBy(reading => reading.Key, StringComparer.Ordinal).Take(MaxReadings).ToImmutableSortedDictionary();

    private static bool IsKey(string key) =>
        key.Length is > 0 and <= MaxKey && char.IsAsciiLetterLower(key[0])
        && key.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');

    private static bool IsReading(string key, double value) => double.IsFinite(value) && Math.Abs(value) <= MaxReading && key switch
    {
        "temperature_celsius" => value is > -273.15 and < 1000,
        "load_1m" or "memory_available_bytes" => value >= 0,
        _ => true,
    };
}
