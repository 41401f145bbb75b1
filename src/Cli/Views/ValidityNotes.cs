using Fleet.Measurement.Results;
using TableRow = Fleet.Protocol.Api.TableRow;

namespace Fleet.Cli.Views;

/// <summary>
/// Why rows are not valid, a line a cause. What was found against blocks is added up over the rows, for on a busy machine every
/// row has the same to say; each row's own words stand in the report and in results.json.
/// </summary>
internal static class ValidityNotes
{
    public static IEnumerable<string> Of(IReadOnlyList<TableRow> rows)
    {
        var reasons = rows.SelectMany(row => row.Row.Reasons.Select(reason => (Row: row, Text: reason, Tally: BlockTally.TryParse(reason)))).ToArray();
        foreach (var cause in reasons.Where(reason => reason.Tally is null).GroupBy(reason => (reason.Row.Row.Validity, reason.Text)))
        {
            yield return $"{cause.Key.Validity}: {Names(cause.Select(reason => reason.Row), rows)}: {cause.Key.Text}";
        }

        var tallied = reasons.Where(reason => reason.Tally is not null).GroupBy(reason => (reason.Tally!.Validity, reason.Tally.Reason));
        foreach (var cause in tallied.OrderByDescending(cause => cause.Key.Validity).ThenByDescending(cause => cause.Sum(reason => reason.Tally!.Found)))
        {
            var total = new BlockTally(cause.Sum(reason => reason.Tally!.Found), cause.Sum(reason => reason.Tally!.Blocks), cause.Key.Validity, cause.Key.Reason);
            yield return $"{total} ({Names(cause.Select(reason => reason.Row), rows)})";
        }
    }

    private static string Names(IEnumerable<TableRow> some, IReadOnlyList<TableRow> all)
    {
        var named = some.Distinct().ToArray();
        return named.Length == all.Count && all.Count > 1
            ? "every row"
            : string.Join(", ", named.Select(row => $"{row.Row.VariantName} ({row.Row.Mode})").Distinct());
    }
}
