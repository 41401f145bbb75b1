using System.Text;
using System.Text.Json;
using Fleet.Domain.Json;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;

namespace Fleet.Reports.Csv;

/// <summary>
/// Result rows as CSV (RFC 4180): the names of results.json, with the parts of <c>latency_us</c> and <c>ratio_to_reference</c> as
/// columns of their own (<c>latency_us_p50</c>), reasons as <c>code:count/total;code</c>, maps as JSON. What was not measured is empty; text
/// that a spreadsheet would take for a formula has an apostrophe before it.
/// </summary>
public static class ResultCsv
{
    private static readonly string[] Opened = ["latency_us", "ratio_to_reference"];

    public static string Of(IReadOnlyList<ResultRow> rows)
    {
        var flat = rows.Select(Flatten).ToList();
        // Rows whose latency is null lack its columns; the fullest row has them all.
        var columns = flat.SelectMany(row => row.Keys).Distinct().OrderBy(Place).ToList();
        var text = new StringBuilder();
        text.AppendJoin(',', columns).Append('\n');
        foreach (var row in flat)
        {
            text.AppendJoin(',', columns.Select(column => Quote(row.GetValueOrDefault(column, "")))).Append('\n');
        }

        return text.ToString();

        int Place(string column) => flat.Max(row => row.Keys.ToList().IndexOf(column));
    }

    private static Dictionary<string, string> Flatten(ResultRow row)
    {
        var flat = new Dictionary<string, string>();
        foreach (var property in JsonSerializer.SerializeToElement(row, DomainJson.Default.ResultRow).EnumerateObject())
        {
            if (property.Name == "reasons")
            {
                flat.Add(property.Name, string.Join(';', row.Reasons.Select(Code)));
            }
            else if (!Opened.Contains(property.Name))
            {
                flat.Add(property.Name, Text(property.Value));
            }
            else if (property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var part in property.Value.EnumerateObject())
                {
                    flat.Add($"{property.Name}_{part.Name}", Text(part.Value));
                }
            }
        }

        return flat;
    }

    private static string Code(Reason reason) =>
        reason.Code + (reason.Count is { } count ? $":{count}" : "") + (reason.Total is { } total ? $"/{total}" : "");

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => NoFormula(value.GetString()!),
        _ => value.GetRawText(),
    };

    // A spreadsheet would carry out what begins so, and the text may be a device's.
    private static string NoFormula(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;

    private static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
