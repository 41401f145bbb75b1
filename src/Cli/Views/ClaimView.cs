using System.Globalization;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Domain.Tasks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Views;

/// <summary>What was published of hmd, and what campaigns say of it.</summary>
internal static class ClaimView
{
    /// <param name="tables">One for each benchmark.</param>
    public static IRenderable Render(IReadOnlyList<CampaignTable> tables, int width)
    {
        var devices = Devices(tables);
        var view = new FittedTable(
        [
            new("benchmark", tables.Count > 1 ? Column.Always : Column.Never),
            new("claim", Column.Always),
            new("mode", 90),
            new("device", devices > 1 ? Column.Always : Column.Never),
            new("ratio, gain", 80, Right: true),
            new("interval", 70, Right: true),
            new("verdict", Column.Always),
        ]);
        foreach (var table in tables)
        {
            foreach (var claim in table.Claims)
            {
                view.Add(
                    table.Summary.Benchmark,
                    claim.Sentence,
                    claim.How ?? Quantity.None,
                    claim.Device ?? Quantity.None,
                    Value(claim, claim.Value),
                    Interval(claim),
                    new Cell(claim.Verdict, claim.Verdict switch { ClaimWords.Holds => "green", ClaimWords.DoesNotHold => "red", _ => "yellow" }));
            }
        }

        var parts = new List<IRenderable> { view.Fit(width), Text.Empty };
        parts.AddRange(Counts(tables).Select(line => new Text(line)));
        return new Rows(parts);
    }

    /// <summary>How many devices run times are of: where there is one, it need not be told.</summary>
    public static int Devices(IReadOnlyList<CampaignTable> tables) =>
        tables.SelectMany(table => table.Claims).Select(claim => claim.Device).OfType<string>().Distinct().Count();

    /// <summary>How often each claim holds, over all benchmarks, compression factors, devices and modes.</summary>
    public static IEnumerable<string> Counts(IReadOnlyList<CampaignTable> tables)
    {
        foreach (var kind in ClaimKinds.All)
        {
            var claims = tables.SelectMany(table => table.Claims).Where(claim => claim.Kind == kind).ToArray();
            if (claims.Length > 0)
            {
                var (holds, not) = (Count(ClaimWords.Holds), Count(ClaimWords.DoesNotHold));
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ClaimKinds.Title(kind)}: holds in {holds} of {claims.Length}, does not in {not}, not decided in {claims.Length - holds - not}.");
            }

            int Count(string verdict) => claims.Count(claim => claim.Verdict == verdict);
        }
    }

    public static string Value(ClaimVerdict claim, double value) =>
        claim.IsRunTime ? Quantity.Ratio(value) : TaskMetric.Of(claim.Measure).WriteDifference(value);

    public static string Interval(ClaimVerdict claim) =>
        claim is { Low: { } low, High: { } high } ? $"{Value(claim, low)} to {Value(claim, high)}" : Quantity.None;
}
