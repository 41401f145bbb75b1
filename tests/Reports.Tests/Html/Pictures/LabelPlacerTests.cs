using CsCheck;
using Fleet.Reports.Html.Pictures;

namespace Fleet.Reports.Tests.Html.Pictures;

public sealed class LabelPlacerTests
{
    private static readonly Box Frame = new(0, 0, 450, 330);

    [Fact]
    public void A_lonely_label_stands_right_of_its_point()
    {
        PlacedLabel label = Assert.Single(LabelPlacer.Place([(100, 100)], [(60, 15)], [Mark(100, 100)], Frame));
        Assert.True(label.Box.Left > 106);
        Assert.Equal(100, (label.Box.Top + label.Box.Bottom) / 2, 1e-9);
        Assert.False(label.Joined);
    }

    [Fact]
    public void A_label_at_the_edge_stays_in_the_frame()
    {
        PlacedLabel label = Assert.Single(LabelPlacer.Place([(445, 325)], [(60, 15)], [Mark(445, 325)], Frame));
        Assert.Equal(0, label.Box.Outside(Frame), 1e-6);
    }

    [Fact]
    public void Eight_points_on_one_spot_have_eight_labels_apart()
    {
        (double, double)[] points = [.. Enumerable.Repeat((200.0, 150.0), 8)];
        AssertApart(LabelPlacer.Place(points, [.. points.Select(_ => (66.0, 15.0))], [Mark(200, 150)], Frame));
    }

    [Fact]
    public void Labels_of_thirteen_points_anywhere_never_cover_one_another() =>
        Gen.Select(Gen.Double[10, 440], Gen.Double[10, 320]).Array[13].Sample(points =>
            AssertApart(
                LabelPlacer.Place(
                    points, [.. points.Select(_ => (66.0, 15.0))], [.. points.Select(point => Mark(point.Item1, point.Item2))], Frame)), iter: 200);

    private static void AssertApart(PlacedLabel[] labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.Equal(0, labels[i].Box.Overlap(labels[j].Box), 1e-6);
            }
        }
    }

    private static Box Mark(double x, double y) => new(x - 6, y - 6, x + 6, y + 6);
}
