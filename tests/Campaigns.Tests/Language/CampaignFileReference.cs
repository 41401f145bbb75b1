using System.Globalization;
using System.Text;
using Fleet.Campaigns.Language.Keys;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Tests.Language;

/// <summary>Writes docs/campaign-files.md from the keys that the readers use.</summary>
internal static class CampaignFileReference
{
    private const string Head = """
        # Campaign files

        Every key of a campaign file. This page is generated from the table that the reader itself uses; do not edit it, but write it anew
        with `FLEET_WRITE_DOCS=1 ./test.sh Campaigns -class '*CampaignFileReferenceTests'`. The words are explained in the
        [glossary](glossary.md).

        ```yaml
        name: uci-har
        task: uci-har
        model: { cell: lstm, hidden: 64 }
        training: { epochs: 25 }
        variants:
          - method: dense
          - { method: hmd, compression: [2, 4] }
          - { method: lmf, compression: 4, precision: [fp32, int8] }
        reference: dense
        seeds: [1, 2, 3]
        devices: [arch=arm64]
        conditions: { modes: [window, streaming] }
        measuring: { ratio_width: 0.01, time_limit: 20s }
        ```

        A file is one YAML document in UTF-8, without anchors and references. Where a list is taken, one value stands for a list of one.
        A duration is a number with its unit: `50ms`, `20s`, `1.5m`, `2h`. `fleet campaign plan FILE` shows what the campaign would do, or
        reports all mistakes at once, with their lines and suggestions; an unknown key is a mistake.

        """;

    public static string Write()
    {
        var page = new StringBuilder(Head);
        foreach (var section in CampaignKeys.Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {section.Title}\n\n{section.Meaning}\n\n");
            page.Append("| Key | Type | Unit | Default | Range | Meaning | Example |\n|---|---|---|---|---|---|---|\n");
            foreach (var key in section.All)
            {
                Row(page, $"`{key.Name}`", key.Type, key.Text.Unit, Word(key.Default), key.Range, key.Text.Meaning, $"`{key.Text.Example}`");
            }

            if (section == VariantKeys.Section)
            {
                Parameters(page);
            }
        }

        return page.ToString();
    }

    private static void Parameters(StringBuilder page)
    {
        page.Append("\nThe parameters of a method are keys of the same item. Variants of one method and factor are told apart by those that are given.\n\n");
        page.Append("| Method | Key | Default | Range | Meaning |\n|---|---|---|---|---|\n");
        foreach (var method in CellMethods.All.Where(method => method.Name != DenseStructure.Name))
        {
            foreach (var parameter in CellAllocator.Parameters(method))
            {
                Row(page, method.Name, $"`{parameter.Name}`", Word(parameter.Default), parameter.Values, Sentence(parameter.Description));
            }
        }
    }

    private static void Row(StringBuilder page, params string[] cells) =>
        page.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    // A value stands as code; what is told in words does not.
    private static string Word(string text) => text.Length == 0 || text.Contains(' ') || text == KeySection.Required || text.Contains('`') ? text : $"`{text}`";

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
