using System.Globalization;

namespace Fleet.Campaigns.Text;

/// <summary>Times and counts as people say them.</summary>
public static class Wording
{
    /// <summary>45 s, 3 min, 2 h, 5 days</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => Number(span.TotalSeconds, "s"),
        { TotalMinutes: < 90 } => Number(span.TotalMinutes, "min"),
        { TotalHours: < 36 } => Number(span.TotalHours, "h"),
        _ => Number(span.TotalDays, "days"),
    };

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset time, DateTimeOffset now) => $"{Date(time)} ({Span(now - time)} ago)";

    public static string Runs(int count) => count == 1 ? "1 run" : string.Create(CultureInfo.InvariantCulture, $"{count} runs");

    private static string Number(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, value):0} {unit}");
}
