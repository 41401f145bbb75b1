using System.Globalization;
using Fleet.Domain.Rankings;
using Fleet.Domain.Tasks;

namespace Fleet.Reports.Quantities;

/// <summary>Numbers with units, in as many digits as a reader can use. What was not measured is a dash.</summary>
public static class Quantity
{
    public const string None = "-";

    /// <summary>Three significant digits: <c>83.4 µs</c>, <c>1.23 ms</c>.</summary>
    public static string Microseconds(double? value) => value switch
    {
        null => None,
        < 1000 => $"{Significant(value.Value)} µs",
        < 1_000_000 => $"{Significant(value.Value / 1000)} ms",
        _ => $"{Significant(value.Value / 1_000_000)} s",
    };

    /// <summary>Both ends in the unit of the upper one: <c>83.0-84.1 µs</c>.</summary>
    public static string MicrosecondsBetween(double? low, double? high)
    {
        if (low is not { } from || high is not { } to)
        {
            return None;
        }

        var (divisor, unit) = to < 1000 ? (1, "µs") : to < 1_000_000 ? (1000, "ms") : (1_000_000, "s");
        return $"{Significant(from / divisor)}-{Significant(to / divisor)} {unit}";
    }

    /// <summary>Decimal units, three significant digits: <c>52.3 kB</c>.</summary>
    public static string Bytes(long? value) => value switch
    {
        null => None,
        < 1000 => $"{value} B",
        < 1_000_000 => $"{Significant(value.Value / 1e3)} kB",
        < 1_000_000_000 => $"{Significant(value.Value / 1e6)} MB",
        _ => $"{Significant(value.Value / 1e9)} GB",
    };

    /// <summary>How many, in three significant digits: <c>18.9 k</c>.</summary>
    public static string Count(long? value) => value switch
    {
        null => None,
        < 1000 => value.Value.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => $"{Significant(value.Value / 1e3)} k",
        < 1_000_000_000 => $"{Significant(value.Value / 1e6)} M",
        _ => $"{Significant(value.Value / 1e9)} G",
    };

    public static string Percent(double? share) => share is { } value ? $"{Hundredths(value)} %" : None;

    /// <summary>A value of a task's metric: <c>91.2 %</c>, <c>1.612</c>.</summary>
    public static string Metric(TaskMetric metric, double? value) => value is { } known ? metric.Write(known) : None;

    public static string MetricBetween(TaskMetric metric, double? low, double? high) =>
        low is { } from && high is { } to ? $"{metric.Number(from)}-{metric.Write(to)}" : None;

    /// <summary>What a variant's metric is better by than the reference's, and whether that is a loss: <c>-0.8 no loss</c>.</summary>
    public static string Gain(TaskMetric metric, VariantResult variant) =>
        variant is { MetricGain: { } gain, MetricVerdict: { } verdict } ? $"{metric.WriteSigned(gain.Value)} {verdict}" : None;

    public static string Plain(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Perplexity(TaskMetric metric, double? nats) =>
        nats is { } value && metric.Perplexity(value) is { } perplexity ? Significant(perplexity) : None;

    public static string Ratio(double? value) => value is { } ratio ? Fixed(ratio, ratio < 9.995 ? 3 : 1) : None;

    public static string RatioBetween(double? low, double? high) => low is not null && high is not null ? $"{Ratio(low)}-{Ratio(high)}" : None;

    public static string Factor(double? value) => value is { } factor ? $"{Fixed(factor, 2)}x" : None;

    public static string Loss(double? value) => value is { } loss ? Fixed(loss, 3) : None;

    /// <summary>In the two units that matter: <c>45 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } value)
        {
            return None;
        }

        var time = TimeSpan.FromSeconds(Math.Ceiling(Math.Max(value, 0)));
        return time switch
        {
            { TotalMinutes: < 1 } => $"{time.Seconds} s",
            { TotalHours: < 1 } => time.Seconds == 0 ? $"{time.Minutes} min" : $"{time.Minutes} min {time.Seconds} s",
            { TotalDays: < 2 } => $"{(int)time.TotalHours} h {time.Minutes} min",
            _ => $"{(int)time.TotalDays} d {time.Hours} h",
        };
    }

    /// <summary>In the reader's own time zone, to the minute.</summary>
    public static string Moment(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>1 device</c>, <c>2 devices</c></summary>
    public static string Of(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    /// <summary>The first digits of a long id, enough to name it on a command line.</summary>
    public static string Short(string id) => id.Length > 12 ? id[..12] : id;

    private static string Hundredths(double share) => Fixed(share * 100, 1);

    private static string Significant(double value) => Math.Abs(value) switch
    {
        < 9.995 => Fixed(value, 2),
        < 99.95 => Fixed(value, 1),
        _ => Fixed(value, 0),
    };

    private static string Fixed(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}
