using System.Globalization;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>Durations as people write them: a number and a unit, <c>50ms</c>, <c>20s</c>, <c>1.5m</c>, <c>2h</c>.</summary>
internal static class DurationText
{
    public const string Form = "a number with its unit: 50ms, 20s, 1.5m, 2h";

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var trimmed = text.Trim();
        var unitAt = trimmed.Length;
        while (unitAt > 0 && char.IsAsciiLetter(trimmed[unitAt - 1]))
        {
            unitAt--;
        }

        double? seconds = trimmed[unitAt..] switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => null,
        };
        if (seconds is null
            || !double.TryParse(trimmed[..unitAt].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count * seconds.Value > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(count * seconds.Value);
        return true;
    }

    /// <summary>The shortest way to write it.</summary>
    public static string Format(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.###}s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.###}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.###}h"),
    };
}
