using System.Globalization;
using Fleet.Reports.Html.Writing;

namespace Fleet.Reports.Html.Pictures;

/// <summary>
/// Maps values to pixels, and knows which values to write beside the axis. Every axis has a length, a bounded number of ticks and room for
/// all its values, whatever finite numbers these are: a span too small to be written in <see cref="MaxDecimals"/> decimals counts as none,
/// and what lies beyond all that can be measured is drawn at the axis' end.
/// </summary>
internal sealed class AxisScale
{
    /// <summary>Ticks have no more decimals than this.</summary>
    private const int MaxDecimals = 8;

    /// <summary>A span that is a smaller share of its values than this comes from rounding.</summary>
    private const double NegligibleShare = 1e-6;

    private const double NegligibleSpan = 1e-7;

    /// <summary>Below this, equal values are too near to zero for an axis that is in proportion to them.</summary>
    private const double NearZero = 1e-4;

    /// <summary>No metric is beyond, and in microseconds it is 30 years.</summary>
    private const double MaxValue = 1e15;

    /// <summary>In microseconds.</summary>
    private const double MinLatency = 1e-6;

    /// <summary>Decades that have ticks at 1, 2 and 5; where there are more, only powers of ten have one.</summary>
    private const int MaxFineDecades = 6;

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
        double inside = Math.Clamp(value, low, high);
        double share = logarithmic ? Math.Log(inside / low) / Math.Log(high / low) : (inside - low) / (high - low);
        return start + (share * (end - start));
    }

    /// <summary>Logarithmic where the values span more than a factor of four, for a latency twice as long is the same step everywhere.</summary>
    /// <param name="values">All that must be seen.</param>
    /// <param name="start">Pixel of the low end.</param>
    /// <param name="end">Pixel of the high end.</param>
    /// <exception cref="ArgumentException">There is no value, or one is NaN.</exception>
    public static AxisScale ForLatency(IReadOnlyList<double> values, double start, double end)
    {
        (double min, double max) = Range(values, MinLatency, MaxValue);
        if (max <= 4 * min)
        {
            return Linear(values, start, end, min: 0, max: double.PositiveInfinity);
        }

        double pad = Math.Pow(max / min, 0.08);
        (double low, double high) = (min / pad, max * pad);
        (int first, int last) = ((int)Math.Floor(Math.Log10(low)), (int)Math.Floor(Math.Log10(high)));
        int decades = last - first + 1;
        (int stride, double[] steps) = decades <= MaxFineDecades ? (1, new double[] { 1, 2, 5 }) : ((decades + MaxFineDecades - 1) / MaxFineDecades, [1]);
        return new(true, low, high, start, end,
        [
            .. Enumerable.Range(0, decades).Where(decade => decade % stride == 0)
                .SelectMany(decade => steps.Select(step => step * Math.Pow(10, first + decade)))
                .Where(tick => tick >= low && tick <= high),
        ]);
    }

    /// <param name="values">All that must be seen.</param>
    /// <param name="start">Pixel of the low end.</param>
    /// <param name="end">Pixel of the high end.</param>
    /// <param name="min">The axis never goes below, unless a value does.</param>
    /// <param name="max">Nor above.</param>
    /// <exception cref="ArgumentException">There is no value, or one is NaN.</exception>
    public static AxisScale Linear(IReadOnlyList<double> values, double start, double end, double min, double max)
    {
        (double bottom, double top) = Range(values, -MaxValue, MaxValue);
        double size = Math.Max(Math.Abs(bottom), Math.Abs(top)), span = top - bottom;
        if (span <= Math.Max(NegligibleSpan, NegligibleShare * size))
        {
            span = size < NearZero ? 1 : 0.1 * size;
        }

        double low = Math.Max(Math.Min(min, bottom), bottom - (0.12 * span)), high = Math.Min(Math.Max(max, top), top + (0.12 * span));
        double step = Step((high - low) / 4.5);
        (long first, long last) = ((long)Math.Ceiling((low / step) - 1e-9), (long)Math.Floor((high / step) + 1e-9));
        return new(false, low, high, start, end, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)]);
    }

    /// <summary>Ticks in one unit and with the decimals that tell them apart.</summary>
    public (IReadOnlyList<string> Labels, string Unit) LatencyLabels()
    {
        (double divisor, string unit) = high < 1e3 ? (1.0, "µs") : high < 1e6 ? (1e3, "ms") : (1e6, "s");
        return (Labels(Ticks, 1 / divisor), unit);
    }

    /// <param name="ticks">In ascending order.</param>
    /// <param name="factor">A number that is written stands for this many times the tick.</param>
    public static IReadOnlyList<string> Labels(IReadOnlyList<double> ticks, double factor)
    {
        double[] values = [.. ticks.Select(tick => tick * factor)];
        double gap = values.Zip(values.Skip(1), (one, next) => next - one).DefaultIfEmpty(Math.Max(1, Math.Abs(values.FirstOrDefault()))).Min();
        for (int decimals = 0; decimals <= MaxDecimals; decimals++)
        {
            if (values.All(value => Math.Abs(value - Math.Round(value, decimals)) < 1e-3 * gap))
            {
                return [.. values.Select(value => decimals == 0 ? Numbers.Count((long)Math.Round(value)) : Numbers.Fixed(value, decimals))];
            }
        }

        return [.. values.Select(value => value.ToString("0.###e+0", CultureInfo.InvariantCulture))];
    }

    private static (double Min, double Max) Range(IReadOnlyList<double> values, double min, double max) =>
        values.Count > 0 && !values.Any(double.IsNaN)
            ? (Math.Clamp(values.Min(), min, max), Math.Clamp(values.Max(), min, max))
            : throw new ArgumentException($"An axis needs numbers, and was given {(values.Count == 0 ? "none" : "NaN")}.", nameof(values));

    /// <summary>The smallest of 1, 2, 2.5, 5 times a power of ten that is not below.</summary>
    private static double Step(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * new[] { 1, 2, 2.5, 5, 10 }.First(step => step * power >= rough * (1 - 1e-9));
    }
}
