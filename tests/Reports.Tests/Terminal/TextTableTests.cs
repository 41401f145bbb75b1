using Fleet.Reports.Terminal;

namespace Fleet.Reports.Tests.Terminal;

public sealed class TextTableTests
{
    // Natural widths 4, 3, 5 and 6, the last of which is never shown.
    private readonly TextTable table = new([new("name"), new("a", 20), new("b", 10, Right: true), new("hidden", Column.Never)]);

    public TextTableTests() => table.Add("dense"[..4], "abc", new Cell("12345", Tone.Good), "");

    [Theory]
    [InlineData(16, "name a b", 2)] // 4 + 2 + 3 + 2 + 5
    [InlineData(15, "name a b", 1)]
    [InlineData(14, "name a b", 1)]
    [InlineData(13, "name a", 2)]
    [InlineData(8, "name a", 1)]
    [InlineData(7, "name", 2)]
    [InlineData(1, "name", 1)]
    public void Columns_that_matter_least_go_first_and_before_them_the_wide_gap(int width, string headers, int gap)
    {
        var fitted = table.Fit(width);
        Assert.Equal(headers, string.Join(' ', fitted.Columns.Select(column => column.Header)));
        Assert.Equal(gap, fitted.Gap);
        Assert.All(fitted.Rows, row => Assert.Equal(fitted.Columns.Count, row.Count));
    }

    [Fact]
    public void A_row_has_a_cell_for_each_column() => Assert.Throws<ArgumentException>(() => table.Add("only one"));
}
