using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Reports.Model;
using Fleet.Reports.Quantities;

namespace Fleet.Reports.Terminal;

/// <summary>What was published of hmd, and what campaigns say of it.</summary>
public static class ClaimView
{
    /// <param name="tables">One for each benchmark.</param>
    /// <param name="width">Columns of the window.</param>
    public static IReadOnlyList<TextBlock> Render(IReadOnlyList<CampaignTable> tables, int width)
    {
        var devices = ClaimText.Devices(tables);
        var view = new TextTable(
        [
            new("benchmark", tables.Count > 1 ? Column.Always : Column.Never),
            new("claim", Column.Always),
            new("mode", 90),
            new("device", devices > 1 ? Column.Always : Column.Never),
            new("ratio, gain", 80, Right: true),
            new("interval", 70, Right: true),
            new("verdict", Column.Always),
        ]);
        foreach (var (table, claim) in tables.SelectMany(table => table.Claims.Select(claim => (table, claim))))
        {
            view.Add(
                table.Summary.Benchmark,
                claim.Sentence,
                claim.How ?? Quantity.None,
                claim.Device ?? Quantity.None,
                ClaimText.Value(claim, claim.Value),
                ClaimText.Interval(claim),
                new Cell(claim.Verdict, claim.Verdict switch { ClaimWords.Holds => Tone.Good, ClaimWords.DoesNotHold => Tone.Bad, _ => Tone.Warning }));
        }

        return [view.Fit(width), TextBlock.Empty, .. ClaimText.Counts(tables).Select(line => new TextLine(line))];
    }
}
