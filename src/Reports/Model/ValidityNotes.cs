using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;

namespace Fleet.Reports.Model;

/// <summary>
/// Whether the rows can be relied on, and why some are not valid, a line a cause. What was found against blocks is added up over the rows, for on a
/// busy machine every row has the same to say; each row's own reasons stand in the report and in results.json.
/// </summary>
internal static class ValidityNotes
{
    public static IEnumerable<string> Of(CampaignTable table)
    {
        if (table.Rows.All(row => row.Row.Validity == Validity.Valid))
        {
            yield return "Every measurement is valid.";
        }

        if (table.Conditions.Any(condition => condition.Emulated))
        {
            yield return "Emulated boards: what their models answer counts, their latency is not ranked.";
        }

        foreach (var cause in Of(table.Rows))
        {
            yield return cause;
        }
    }

    private static IEnumerable<string> Of(IReadOnlyList<TableRow> rows)
    {
        var unreadable = rows.Where(row => !row.Row.IsReadable).ToArray();
        foreach (var row in unreadable)
        {
            yield return $"run {row.Row.Run}: {ReasonText.Of(row.Row.Reasons)}";
        }

        rows = [.. rows.Except(unreadable)];
        var reasons = rows.SelectMany(row => row.Row.Reasons.Select(reason => (Row: row, Reason: reason))).ToArray();
        var counted = reasons.Where(found => IsCounted(found.Reason)).ToArray();
        foreach (var cause in reasons.Except(counted).GroupBy(found => (found.Row.Row.Validity, Text: ReasonText.Of(found.Reason))))
        {
            yield return $"{cause.Key.Validity.Word()}: {Names(cause.Select(found => found.Row), rows)}: {cause.Key.Text}";
        }

        var sums = from found in counted
                   group found by found.Reason.Code into cause
                   let details = cause.Select(found => found.Reason.Detail).Distinct().ToArray()
                   let sum = new Reason(
                       cause.Key, cause.Sum(found => found.Reason.Count), cause.Sum(found => found.Reason.Total), details is [var only] ? only : null)
                   orderby ReasonText.MakesBlockInvalid(cause.Key) descending, sum.Count descending
                   select $"{ReasonText.Of(sum)} ({Names(cause.Select(found => found.Row), rows)})";
        foreach (var line in sums)
        {
            yield return line;
        }
    }

    private static bool IsCounted(Reason reason) => ReasonText.IsOfBlock(reason.Code) && reason is { Count: not null, Total: not null };

    private static string Names(IEnumerable<TableRow> some, IReadOnlyList<TableRow> all)
    {
        var named = some.Distinct().ToArray();
        return named.Length == all.Count && all.Count > 1
            ? "every row"
            : string.Join(", ", named.Select(row => $"{row.Row.VariantName} ({row.Row.Mode})").Distinct());
    }
}
