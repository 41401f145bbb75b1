using Fleet.Analysis.Ranking;
using Fleet.Reports.Html.Writing;

namespace Fleet.Reports.Html.Pictures;

/// <summary>Metric against latency: a mark a variant with its intervals, and the line of those that no other beats.</summary>
internal sealed class TradeOffPicture
{
    private const double Mark = 5.5;
    private const double LetterWidth = 6.9;
    private const double LabelHeight = 15;

    /// <summary>Of the column for variants without a valid latency.</summary>
    private const double UntimedWidth = 84;

    private readonly ConditionRanking ranking;
    private readonly IReadOnlyList<PlotPoint> points;
    private readonly double width;
    private readonly double height;
    private readonly Box frame;
    private readonly bool someUntimed;
    private readonly AxisScale x;
    private readonly AxisScale y;

    /// <param name="ranking">What is drawn; at least one point with a latency.</param>
    /// <param name="width">In pixels at full size.</param>
    /// <param name="height">The same.</param>
    public TradeOffPicture(ConditionRanking ranking, double width, double height)
    {
        (this.ranking, this.width, this.height) = (ranking, width, height);
        points = [.. ranking.Points.Where(point => point.Metric is not null).Select(PlotPoint.Of)];
        someUntimed = points.Any(point => point.Latency is null);
        frame = new(54, 26, width - 14 - (someUntimed ? UntimedWidth : 0), height - 46);
        x = AxisScale.ForLatency([.. points.Where(point => point.Latency is not null).SelectMany(point => point.Latency!.Value.All)], frame.Left, frame.Right);
        bool isShare = ranking.Metric.IsShare;
        y = AxisScale.Linear([.. points.SelectMany(point => point.Metric.All)], frame.Bottom, frame.Top, min: 0, max: isShare ? 1 : double.PositiveInfinity);
    }

    public Markup Draw(string cssClass) => Markup.Of(
        $"""
        <svg class="plot {cssClass}" viewBox="0 0 {width} {height}" role="img" aria-label="{Description}">
        {Grid()}{Untimed()}{Front()}{Markup.Each(points, Bars)}{Markup.Each(points, DrawMark)}{Labels()}</svg>

        """);

    private string Description =>
        $"{ranking.Metric.Noun} against {ranking.LatencyName} latency: "
        + string.Join("; ", points.Select(point =>
            $"{point.Point.Name} {Numbers.Metric(ranking.Metric, point.Metric.Value)}, {Latency(point)}"));

    private static string Latency(PlotPoint point) => point.Latency is { } latency ? Numbers.Microseconds(latency.Value) : "no valid latency";

    private Markup Grid()
    {
        (IReadOnlyList<string> labels, string unit) = x.LatencyLabels();
        bool isShare = ranking.Metric.IsShare;
        IReadOnlyList<string> yLabels = AxisScale.Labels(y.Ticks, ranking.Metric.Factor);
        Markup columns = Markup.Each(Enumerable.Range(0, labels.Count), i => Markup.Of(
            $"""
            <line class="grid" x1="{x.Pixel(x.Ticks[i])}" x2="{x.Pixel(x.Ticks[i])}" y1="{frame.Top}" y2="{frame.Bottom}"/>
            <text class="tick" text-anchor="middle" x="{x.Pixel(x.Ticks[i])}" y="{frame.Bottom + 17}">{labels[i]}</text>
            """));
        Markup rows = Markup.Each(Enumerable.Range(0, yLabels.Count), i => Markup.Of(
            $"""
            <line class="grid" x1="{frame.Left}" x2="{frame.Right}" y1="{y.Pixel(y.Ticks[i])}" y2="{y.Pixel(y.Ticks[i])}"/>
            <text class="tick" text-anchor="end" x="{frame.Left - 8}" y="{y.Pixel(y.Ticks[i]) + 4}">{yLabels[i]}</text>
            """));
        return Markup.Of(
            $"""
            {columns}{rows}<line class="axis" x1="{frame.Left}" x2="{frame.Right}" y1="{frame.Bottom}" y2="{frame.Bottom}"/>
            <text class="axis-name" x="{frame.Left}" y="14">{ranking.Metric.Title}{(
                isShare ? ", %" : "")}{(ranking.Metric.HigherIsBetter ? "" : " (lower is better)")}</text>
            <text class="axis-name" text-anchor="end" x="{frame.Right}" y="{height - 8}">{(ranking.LatencyName == "p50" ? "Median" : "Mean")} latency, {unit}
            (left is faster)</text>

            """);
    }

    /// <summary>What was answered counts, also where the latency does not.</summary>
    private Markup Untimed() => !someUntimed ? Markup.Empty : Markup.Of(
        $"""<text class="tick" text-anchor="middle" x="{frame.Right + (UntimedWidth / 2)}" y="{frame.Bottom + 17}">no latency</text>""");

    /// <summary>A staircase: everything to the right of it and on its worse side is beaten by a variant on it.</summary>
    private Markup Front()
    {
        IReadOnlyList<(double X, double Y)> corners = Corners();
        return corners.Count == 0
            ? Markup.Empty
            : Markup.Of($"""<path class="front" d="{Markup.All(corners.Select(Step))}"/>""");

        static Markup Step((double X, double Y) corner, int place) => Markup.Of($"{(place == 0 ? "M" : "L")}{corner.X} {corner.Y}");
    }

    private IReadOnlyList<(double X, double Y)> Corners()
    {
        PlotPoint[] best = [.. points.Where(point => point.Point.ParetoBest).OrderBy(point => point.Latency!.Value.Value)];
        double last = ranking.Metric.HigherIsBetter ? frame.Bottom : frame.Top;
        List<(double X, double Y)> corners = [];
        foreach (PlotPoint point in best)
        {
            corners.Add((X(point), last));
            corners.Add((X(point), last = Y(point)));
        }

        return best.Length == 0 ? [] : [.. corners, (frame.Right, last)];
    }

    private Markup Bars(PlotPoint point)
    {
        Markup metric = point.Metric is { Low: { } low, High: { } high }
            ? Markup.Of($"""<path class="bar" d="M{X(point)} {y.Pixel(low)}V{y.Pixel(high)}m-3 0h6M{X(point) - 3} {y.Pixel(low)}h6"/>""")
            : Markup.Empty;
        Markup latency = point.Latency is { Low: { } left, High: { } right }
            ? Markup.Of($"""<path class="bar" d="M{x.Pixel(left)} {Y(point)}H{x.Pixel(right)}m0-3v6M{x.Pixel(left)} {Y(point) - 3}v6"/>""")
            : Markup.Empty;
        return Markup.Of($"""<g class="{MethodStyle.Class(point.Point.Method)}">{metric}{latency}</g>""");
    }

    private Markup DrawMark(PlotPoint point) => Markup.Of(
        $"""
        <g class="mark {MethodStyle.Class(point.Point.Method)}{(point.Point.Standing == Standing.Beaten ? " beaten" : "")}"><title>{
                Title(point)}</title>{MethodStyle.Shape(point.Point.Method, point.Point.Precision, X(point), Y(point), Mark)}</g>
        """);

    private string Title(PlotPoint point) =>
        $"{point.Point.Name}: {Numbers.Metric(ranking.Metric, point.Metric.Value)}, {Latency(point)}"
        + (point.Point.Ratio is { } ratio ? $", {Numbers.Ratio(ratio.Value)} of the reference's" : "");

    private Markup Labels()
    {
        PlacedLabel[] labels = LabelPlacer.Place(
            [.. points.Select(point => (X(point), Y(point)))],
            [.. points.Select(point => ((point.Point.Name.Length * LetterWidth) + 4, LabelHeight))],
            [.. points.SelectMany(Obstacles), .. FrontObstacles()],
            frame with { Right = width - 2, Top = 18 });
        return Markup.Each(Enumerable.Range(0, labels.Length), i =>
        {
            Box box = labels[i].Box;
            (double middle, double px, double py) = ((box.Top + box.Bottom) / 2, X(points[i]), Y(points[i]));
            Markup line = labels[i].Joined
                ? Markup.Of(
                    $"""
                    <line class="leader" x1="{px}" y1="{py}" x2="{Math.Clamp(px, box.Left, box.Right)}" y2="{Math.Clamp(py, box.Top, box.Bottom)}"/>
                    """)
                : Markup.Empty;
            var emphasis = points[i].Point.ParetoBest ? " best" : "";
            return Markup.Of(
                $"""
                {line}<text class="label{emphasis}" x="{(box.Left + box.Right) / 2}" y="{middle + 4.5}">{points[i].Point.Name}</text>
                """);
        });
    }

    private IEnumerable<Box> Obstacles(PlotPoint point)
    {
        (double px, double py) = (X(point), Y(point));
        yield return new(px - Mark - 1, py - Mark - 1, px + Mark + 1, py + Mark + 1);
        if (point.Metric is { Low: { } low, High: { } high })
        {
            yield return new(px - 3, y.Pixel(high), px + 3, y.Pixel(low));
        }

        if (point.Latency is { Low: { } left, High: { } right })
        {
            yield return new(x.Pixel(left), py - 3, x.Pixel(right), py + 3);
        }
    }

    private IEnumerable<Box> FrontObstacles()
    {
        IReadOnlyList<(double X, double Y)> corners = Corners();
        return corners.Zip(corners.Skip(1), (from, to) => new Box(
            Math.Min(from.X, to.X) - 1, Math.Min(from.Y, to.Y) - 1, Math.Max(from.X, to.X) + 1, Math.Max(from.Y, to.Y) + 1));
    }

    private double X(PlotPoint point) => point.Latency is { } latency ? x.Pixel(latency.Value) : frame.Right + (UntimedWidth / 2);

    private double Y(PlotPoint point) => y.Pixel(point.Metric.Value);
}
