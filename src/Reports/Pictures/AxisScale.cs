using Fleet.Reports.Writing;

namespace Fleet.Reports.Pictures;

/// <summary>Maps values to pixels, and knows which values to write beside the axis.</summary>
internal sealed class AxisScale
{
    private readonly bool logarithmic;
    private readonly double low;
    private readonly double high;
    private readonly double start;
    private readonly double end;

    private AxisScale(bool logarithmic, double low, double high, double start, double end, IReadOnlyList<double> ticks)
    {
        (this.logarithmic, this.low, this.high, this.start, this.end) = (logarithmic, low, high, start, end);
        Ticks = ticks;
    }

    public IReadOnlyList<double> Ticks { get; }

    public double Pixel(double value)
    {
        double share = logarithmic ? Math.Log(value / low) / Math.Log(high / low) : (value - low) / (high - low);
        return start + (share * (end - start));
    }

    /// <summary>Logarithmic where the values span more than a factor of four, for a latency twice as long is the same step everywhere.</summary>
    /// <param name="values">All that must be seen; positive.</param>
    /// <param name="start">Pixel of the low end.</param>
    /// <param name="end">Pixel of the high end.</param>
    public static AxisScale ForLatency(IReadOnlyList<double> values, double start, double end)
    {
        double least = values.Min(), most = values.Max();
        if (most <= 4 * least)
        {
            return Linear(values, start, end, least: 0, most: double.PositiveInfinity);
        }

        double pad = Math.Pow(most / least, 0.08);
        (double low, double high) = (least / pad, most * pad);
        List<double> ticks = [];
        for (double decade = Math.Pow(10, Math.Floor(Math.Log10(low))); decade <= high; decade *= 10)
        {
            ticks.AddRange(new[] { 1, 2, 5 }.Select(step => step * decade).Where(tick => tick >= low && tick <= high));
        }

        return new(true, low, high, start, end, ticks);
    }

    /// <param name="values">All that must be seen.</param>
    /// <param name="start">Pixel of the low end.</param>
    /// <param name="end">Pixel of the high end.</param>
    /// <param name="least">The axis never goes below, for there is nothing.</param>
    /// <param name="most">Nor above.</param>
    public static AxisScale Linear(IReadOnlyList<double> values, double start, double end, double least, double most)
    {
        double bottom = values.Min(), top = values.Max();
        double span = top > bottom ? top - bottom : Math.Max(Math.Abs(top) * 0.1, 1e-9);
        double low = Math.Max(least, bottom - (0.12 * span)), high = Math.Min(most, top + (0.12 * span));
        double step = Step((high - low) / 4.5);
        List<double> ticks = [];
        for (double index = Math.Ceiling((low / step) - 1e-9); index * step <= high + (1e-9 * step); index++)
        {
            ticks.Add(index * step);
        }

        return new(false, low, high, start, end, ticks);
    }

    /// <summary>Ticks in one unit and with the decimals that tell them apart.</summary>
    public (IReadOnlyList<string> Labels, string Unit) LatencyLabels()
    {
        (double divisor, string unit) = high < 1e3 ? (1.0, "µs") : high < 1e6 ? (1e3, "ms") : (1e6, "s");
        return (Labels(Ticks, 1 / divisor), unit);
    }

    public static IReadOnlyList<string> Labels(IReadOnlyList<double> ticks, double factor)
    {
        double[] values = [.. ticks.Select(tick => tick * factor)];
        for (int decimals = 0; ; decimals++)
        {
            if (decimals == 8 || values.All(value => Math.Abs(value - Math.Round(value, decimals)) < 1e-9 * Math.Max(1, Math.Abs(value))))
            {
                return [.. values.Select(value => decimals == 0 ? Numbers.Count((long)Math.Round(value)) : Numbers.Fixed(value, decimals))];
            }
        }
    }

    /// <summary>The least of 1, 2, 2.5, 5 times a power of ten that is not below.</summary>
    private static double Step(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * new[] { 1, 2, 2.5, 5, 10 }.First(step => step * power >= rough * (1 - 1e-9));
    }
}
