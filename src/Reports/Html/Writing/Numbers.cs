using System.Globalization;
using Fleet.Domain.Tasks;
using Fleet.Statistics;

namespace Fleet.Reports.Html.Writing;

/// <summary>Numbers as people read them: three significant digits, thin spaces, a unit.</summary>
internal static class Numbers
{
    /// <summary>What stands where nothing was measured.</summary>
    public const string None = "–";

    private const string Thousands = "\u202f";

    /// <summary>Between a number and its unit: no break there.</summary>
    private const string Gap = "\u00a0";

    public static string Share(double value, int decimals = 1) => Fixed(value * 100, decimals) + Gap + "%";

    public static string Metric(TaskMetric metric, double value) =>
        Fixed(value * metric.Factor, metric.Decimals) + (metric.Sign.Length == 0 ? "" : Gap + metric.Sign);

    /// <summary>What one value is better by: with its sign, a share in points.</summary>
    public static string Difference(TaskMetric metric, double value) =>
        (value < 0 ? "\u2212" : "+") + Fixed(Math.Abs(value) * metric.Factor, metric.Decimals) + (metric.IsShare ? Gap + "points" : "");

    /// <summary>Both ends, the unit once where it is the same; nothing where there is no interval.</summary>
    public static string Interval(Estimate estimate, Func<double, string> format)
    {
        if (estimate is not { Low: { } low, High: { } high })
        {
            return "";
        }

        (string start, string end) = (format(low), format(high));
        int gap = start.IndexOf(Gap, StringComparison.Ordinal);
        return gap >= 0 && end.EndsWith(start[gap..], StringComparison.Ordinal) ? $"{start[..gap]} to {end}" : $"{start} to {end}";
    }

    /// <summary>A small count at the start of a sentence.</summary>
    public static string Word(int count) => count switch
    {
        2 => "Two",
        3 => "Three",
        4 => "Four",
        5 => "Five",
        6 => "Six",
        _ => Count(count),
    };

    public static string Ratio(double value) => Significant(value, 3);

    public static string Microseconds(double value) => value switch
    {
        < 1_000 => Significant(value, 3) + Gap + "µs",
        < 1_000_000 => Significant(value / 1e3, 3) + Gap + "ms",
        _ => Significant(value / 1e6, 3) + Gap + "s",
    };

    /// <summary>A number that somebody chose: as it was written.</summary>
    public static string Setting(double value, string unit) => Math.Round(value, 6).ToString(CultureInfo.InvariantCulture) + Gap + unit;

    /// <summary>Decimal units, as the terminal has them.</summary>
    public static string Bytes(long value) => value switch
    {
        < 1000 => value.ToString(CultureInfo.InvariantCulture) + Gap + "B",
        < 1_000_000 => Significant(value / 1e3, 3) + Gap + "kB",
        < 1_000_000_000 => Significant(value / 1e6, 3) + Gap + "MB",
        _ => Significant(value / 1e9, 3) + Gap + "GB",
    };

    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", Thousands);

    public static string Count(long value, string one, string many) => Count(value) + Gap + (value == 1 ? one : many);

    public static string Date(DateTimeOffset time) => time.ToUniversalTime().ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) + " UTC";

    public static string Plain(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan time) => time.TotalMinutes < 1
        ? Fixed(time.TotalSeconds, 0) + Gap + "s"
        : time.TotalHours < 1
            ? $"{time.Minutes}{Gap}min {time.Seconds}{Gap}s"
            : $"{(int)time.TotalHours}{Gap}h {time.Minutes}{Gap}min";

    /// <summary>As many decimals as give this many digits, and no exponent; whole numbers beyond.</summary>
    public static string Significant(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        int magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        int decimals = Math.Clamp(digits - 1 - magnitude, 0, 12);

        // 9.996 to three digits is 10.0: the rounding made it a digit longer.
        if (Math.Floor(Math.Log10(Math.Abs(Math.Round(value, decimals)))) > magnitude && decimals > 0)
        {
            decimals--;
        }

        return decimals == 0 ? Count((long)Math.Round(value)) : Fixed(value, decimals);
    }

    public static string Fixed(double value, int decimals) =>
        value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
