namespace Fleet.Reports.Html.Pictures;

internal readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public double Overlap(Box other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return width > 0 && height > 0 ? width * height : 0;
    }

    public double Outside(Box frame) =>
        ((Right - Left) * (Bottom - Top)) - Overlap(frame);
}

/// <summary>Where a label stands, and whether it is so far from its point that a line must join them.</summary>
internal readonly record struct PlacedLabel(Box Box, bool Joined);

/// <summary>
/// Puts each label beside its point: the nearest place in which it covers no mark and no other label and stays in the frame. Points in the
/// thickest crowd choose first.
/// </summary>
internal static class LabelPlacer
{
    private const int Directions = 16;

    /// <summary>A mark may be touched where there is no other place; another label or the frame may not.</summary>
    private const double Forbidden = 1000;

    private static readonly double[] Distances = [10, 16, 25, 36, 50, 66, 84, 104, 128];

    /// <param name="points">Where the points are.</param>
    /// <param name="sizes">Width and height of each one's label.</param>
    /// <param name="obstacles">What must stay visible: marks and interval bars.</param>
    /// <param name="frame">Where labels must stay.</param>
    public static PlacedLabel[] Place(
        IReadOnlyList<(double X, double Y)> points, IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<Box> obstacles, Box frame)
    {
        PlacedLabel[] placed = new PlacedLabel[points.Count];
        List<Box> taken = [];
        foreach (int i in Enumerable.Range(0, points.Count).OrderBy(i => Nearest(points, i)))
        {
            (Box box, double distance) = Candidates(points[i], sizes[i]).MinBy(candidate =>
                (candidate.Distance / 10)
                + obstacles.Sum(candidate.Box.Overlap)
                + (Forbidden * (taken.Sum(candidate.Box.Overlap) + candidate.Box.Outside(frame))));
            placed[i] = new(box, distance > Distances[1]);
            taken.Add(box);
        }

        return placed;
    }

    private static double Nearest(IReadOnlyList<(double X, double Y)> points, int index) => points
        .Where((_, i) => i != index)
        .Select(other => Math.Pow(other.X - points[index].X, 2) + Math.Pow(other.Y - points[index].Y, 2))
        .DefaultIfEmpty(double.PositiveInfinity)
        .Min();

    /// <summary>Boxes around the point whose nearest edge is at the distance; right and left first, for text reads best there.</summary>
    private static IEnumerable<(Box Box, double Distance)> Candidates((double X, double Y) point, (double Width, double Height) size)
    {
        foreach (double distance in Distances)
        {
            for (int direction = 0; direction < Directions; direction++)
            {
                double angle = 2 * Math.PI * direction / Directions;
                (double sine, double cosine) = Math.SinCos(angle);
                double x = point.X + (cosine * (distance + (size.Width / 2)));
                double y = point.Y + (sine * (distance + (size.Height / 2)));
                yield return (new(x - (size.Width / 2), y - (size.Height / 2), x + (size.Width / 2), y + (size.Height / 2)), distance);
            }
        }
    }
}
