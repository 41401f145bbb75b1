using System.Globalization;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;
using Fleet.Reports.Quantities;

namespace Fleet.Reports.Terminal;

/// <summary>The variants of one condition, each over its seeds and replicates.</summary>
internal static class VariantTable
{
    public const string BestMark = "*";
    public const string OpenMark = "~";

    public static TextTable Of(ConditionTable condition)
    {
        var metric = TaskMetric.Of(condition.Metric);
        bool Some(Func<VariantResult, object?> pick) => condition.Variants.Any(variant => pick(variant) is not null);
        var (ranked, compared) = (Some(variant => variant.Standing), Some(variant => variant.Ratio));
        var table = new TextTable(
        [
            new("", ranked ? Column.Always : Column.Never),
            new("variant", Column.Always),
            new("seeds", condition.Variants.Any(variant => variant.Seeds > 1) ? 62 : Column.Never, Right: true),
            new("ratio", compared ? Column.Always : Column.Never, Right: true),
            new("95 %", compared ? 80 : Column.Never, Right: true),
            new("speed", compared ? Column.Always : Column.Never),
            new(metric.Noun, Column.Always, Right: true),
            new("95 %", 70, Right: true),
            new($"vs {condition.Reference}", Some(variant => variant.MetricGain) ? Column.Always : Column.Never, Right: true),
            new("perplexity", metric.Perplexity(0) is null ? Column.Never : 65, Right: true),
            new(condition.LatencyName, Some(variant => variant.LatencyUs) ? 90 : Column.Never, Right: true),
            new("95 %", condition.LatencyName == "p50" && Some(variant => variant.LatencyUs?.Low) ? 20 : Column.Never, Right: true),
            new("size", 60, Right: true),
            new("compr.", 50, Right: true),
            new("validity", condition.Variants.All(variant => variant.Validity == Validity.Valid) ? Column.Never : 85),
        ]);
        foreach (var variant in condition.Variants)
        {
            var best = variant.Standing == StandingWords.Best;
            table.Add(
                best ? new Cell(BestMark, Tone.Best) : new Cell(variant.Standing == StandingWords.NotToldApart ? OpenMark : ""),
                new Cell(variant.Name, best ? Tone.Strong : Tone.Plain),
                variant.Seeds.ToString(CultureInfo.InvariantCulture),
                Quantity.Ratio(variant.Ratio?.Value),
                Quantity.RatioBetween(variant.Ratio?.Low, variant.Ratio?.High),
                SpeedCell(variant.Verdict),
                Quantity.Metric(metric, variant.Metric?.Value),
                Quantity.MetricBetween(metric, variant.Metric?.Low, variant.Metric?.High),
                Against(metric, variant),
                Quantity.Perplexity(metric, variant.Metric?.Value),
                Quantity.Microseconds(variant.LatencyUs?.Value),
                Quantity.MicrosecondsBetween(variant.LatencyUs?.Low, variant.LatencyUs?.High),
                Quantity.Bytes(variant.ModelBytes),
                Quantity.Factor(variant.Compression),
                ValidityCell(variant));
        }

        return table;
    }

    public static Cell SpeedCell(string? verdict) =>
        new(verdict ?? Quantity.None, verdict switch { "faster" => Tone.Good, "slower" => Tone.Bad, "inconclusive" => Tone.Warning, _ => Tone.Plain });

    private static Cell Against(TaskMetric metric, VariantResult variant) =>
        new(Quantity.Gain(metric, variant), variant.MetricVerdict switch
        {
            "better" or "no loss" => Tone.Good,
            "loss" => Tone.Bad,
            "undecided" => Tone.Warning,
            _ => Tone.Plain,
        });

    private static Cell ValidityCell(VariantResult variant) => new(
        variant.Runs == 1 || variant.Validity is Validity.Valid or Validity.Suspect ? variant.Validity.Word() : $"{variant.RunsTimed} of {variant.Runs} count",
        variant.Validity switch { Validity.Valid => Tone.Plain, Validity.Suspect => Tone.Warning, _ => Tone.Bad });
}
