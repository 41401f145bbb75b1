using Fleet.Protocol.Api;

namespace Fleet.Cli.Views;

/// <summary>The command that writes a campaign's best model to a file.</summary>
internal static class ExportHint
{
    /// <param name="options">Options that the command needs to find the same silo, such as <c> --state DIR</c>.</param>
    /// <returns>Null where nothing was trained.</returns>
    public static string? Of(CampaignTable table, string options)
    {
        if (table.Rows.Count == 0)
        {
            return null;
        }

        var winner = table.Rows.Where(row => row is { Verdict: "faster", ParetoBest: true, Row: { Emulated: false, RatioToReference: not null } }).MinBy(row => row.Row.RatioToReference!.Value)?.Row
            ?? table.Rows.FirstOrDefault(row => row.Verdict == "reference")?.Row
            ?? table.Rows[0].Row;
        var seeds = table.Rows.Where(row => row.Row.VariantName == winner.VariantName).Select(row => row.Row.Seed).Distinct().Count();
        return $"Take a model out: fleet job export {winner.VariantName}{(seeds > 1 ? $" --seed {winner.Seed}" : "")} --out {winner.VariantName}.safetensors{options}";
    }
}
