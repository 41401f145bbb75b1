using System.Globalization;
using System.Text;
using Fleet.Kernels.Structures;

namespace Fleet.Bench;

/// <summary>What sparse forms take beside others, as the tables of bench/README.md.</summary>
internal static class SparseTables
{
    public static string Text(IEnumerable<Comparison> eigen, IEnumerable<Comparison> equalBytes, IEnumerable<BreakEven> breakEven)
    {
        var text = new StringBuilder();
        AddRatios(text, "Pruned product against Eigen 3.4's (times faster)", eigen);
        AddRatios(text, "hmd against pruning to the same stored bytes (times faster)", equalBytes);
        AddBreakEven(text, [.. breakEven]);
        return text.ToString();
    }

    private static void AddRatios(StringBuilder text, string title, IEnumerable<Comparison> comparisons)
    {
        Comparison[] all = [.. comparisons];
        string[] names = [.. all.Select(comparison => comparison.Name).Distinct()];
        text.AppendLine(CultureInfo.InvariantCulture, $"{title}\n\n| shape | {string.Join(" | ", names)} |\n|---|{string.Concat(names.Select(_ => "---|"))}");
        foreach (var shape in all.GroupBy(comparison => comparison.Shape))
        {
            var cells = names.Select(
                name => shape.FirstOrDefault(comparison => comparison.Name == name)?.Ratio.ToString("0.00", CultureInfo.InvariantCulture) ?? "-");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {shape.Key} | {string.Join(" | ", cells)} |");
        }

        text.AppendLine();
    }

    private static void AddBreakEven(StringBuilder text, BreakEven[] all)
    {
        text.AppendLine("Sparsity from which the product is faster than the dense one\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"| form | {string.Join(" | ", SparsityBreakEven.Hidden)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(SparsityBreakEven.Hidden.Select(_ => "---|"))}");
        foreach (var row in all.GroupBy(one => (one.Form, one.Precision)))
        {
            var name = row.Key.Precision == Precision.Int8 ? $"{row.Key.Form} int8" : row.Key.Form;
            var cells = row.Select(one => one.Sparsity?.ToString("0 %", CultureInfo.InvariantCulture) ?? "never");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |");
        }
    }
}
