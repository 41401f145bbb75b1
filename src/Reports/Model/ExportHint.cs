using Fleet.Domain.Campaigns;

namespace Fleet.Reports.Model;

/// <summary>The command that writes a model of a campaign to a file: of the variant that its advice says to ship, else of the reference.</summary>
public static class ExportHint
{
    /// <param name="options">Options that the command needs to find the same silo, such as <c> --state DIR</c>.</param>
    /// <returns>Null where nothing was measured.</returns>
    public static string? Of(CampaignTable table, string options)
    {
        if (table.Conditions.Count == 0)
        {
            return null;
        }

        var name = table.Winner() ?? table.Conditions[0].Reference;
        long[] seeds = [.. table.Rows.Where(row => row.Row.VariantName == name).Select(row => row.Row.Seed).Distinct()];
        return $"Export a model: fleet job export {name}{(seeds.Length > 1 ? $" --seed {seeds[0]}" : "")} --out {name}.safetensors{options}";
    }
}
