using Fleet.Domain.Results;
using Fleet.Reports.Html.Pictures;
using Fleet.Reports.Html.Writing;

namespace Fleet.Reports.Html.Sections;

/// <summary>How big each variant's model is, and what its compression factor came out as.</summary>
internal static class SizeSection
{
    public static Markup Of(IReadOnlyList<ResultRow> rows)
    {
        ResultRow[] variants = [.. rows.Where(row => row.ModelBytes is not null).DistinctBy(row => (row.Task, row.VariantName))
            .OrderByDescending(row => row.ModelBytes)];
        if (variants.Length == 0)
        {
            return Markup.Empty;
        }

        long most = variants.Max(row => row.ModelBytes!.Value);
        return Markup.Of(
            $"""
            <section>
            <h2>Size</h2>
            <p>The model file with all that it needs to run. Factors compare the number of stored values with the dense model's: of the cell's weights, and of
            the whole model with biases and head.</p>
            <div class="scroll"><table class="sizes">
            <thead><tr><th scope="col">Variant</th><th scope="col" class="n">File</th><th scope="col" class="track">Share of the largest</th>
            <th scope="col" class="n">Parameters</th><th scope="col" class="n">Cell factor</th><th scope="col" class="n">Model factor</th>
            <th scope="col" class="n">MACs a step</th></tr></thead>
            <tbody>
            {Markup.Each(variants, row => Row(row, most))}</tbody>
            </table></div>
            </section>

            """);
    }

    private static Markup Row(ResultRow row, long most)
    {
        double share = 100.0 * row.ModelBytes!.Value / most;
        return Markup.Of(
            $"""
            <tr><th scope="row">{MethodStyle.Symbol(row.Method, row.Precision)}{row.VariantName}</th><td class="n">{
                Numbers.Bytes(row.ModelBytes.Value)}</td><td class="track"><span class="fill {
                MethodStyle.Class(row.Method)}" style="width:{share}%"></span></td><td class="n">{Count(row.Parameters)}</td><td class="n">{
                Factor(row.Compression)}</td><td class="n">{Factor(row.CompressionModel)}</td><td class="n">{Count(row.MacsPerStep)}</td></tr>

            """);
    }

    private static string Count(long? value) => value is { } known ? Numbers.Count(known) : Numbers.None;

    private static string Factor(double? value) => value is { } known ? Numbers.Fixed(known, 2) + "×" : Numbers.None;
}
