using Fleet.Protocol.Training;

namespace Fleet.Campaigns.Language;

/// <summary>The precisions that a variant is wanted in, and how those in int8 come about.</summary>
/// <param name="Way">One of <see cref="Quantisations.All"/>.</param>
internal sealed record Quantising(IReadOnlyList<string> Precisions, string Way)
{
    /// <summary>Only such a variant is trained in int8, so only it can begin from its like in fp32.</summary>
    public bool IsAwareOnly => Way == Quantisations.Aware && Precisions.All(precision => precision == Protocol.Training.Precisions.Int8);
}

/// <summary>Reads of a variant <c>precision</c>, one or a list, and <c>quantisation</c>.</summary>
internal static class QuantisingReader
{
    private const string Precision = "precision";
    private const string Quantisation = "quantisation";

    public static Quantising Read(SectionReader variant)
    {
        var precisions = ReadPrecisions(variant);
        if (variant.Value(Quantisation) is { } stray && !precisions.Contains(Precisions.Int8))
        {
            variant.Problems.Add(stray.At, $"'{Quantisation}' says how int8 comes about, but this variant is not in int8.", $"Add '{Precision}: {Precisions.Int8}', or leave '{Quantisation}' out.");
        }

        return new Quantising(precisions, variant.Choice(Quantisation, Quantisations.After, Quantisations.All));
    }

    private static List<string> ReadPrecisions(SectionReader variant)
    {
        if (variant.List(Precision) is not { } items)
        {
            return [Precisions.Fp32];
        }

        if (items.Count == 0)
        {
            variant.Problems.Add(variant.PlaceOf(Precision), $"'{Precision}' is empty.", $"Give one or a list of them: '{Precision}: [{string.Join(", ", Precisions.All)}]'.");
        }

        var precisions = new List<string>();
        foreach (var item in items)
        {
            if (item is YamlText { Text: var word } && Precisions.All.Contains(word))
            {
                precisions.Add(word);
            }
            else
            {
                variant.Problems.Add(
                    item.At,
                    $"'{Precision}' is {(item is YamlText text ? $"'{text.Text}'" : item.Kind)}, but must be {Words.Or(Precisions.All)}.",
                    item is YamlText { Text: var unknown } ? Spelling.Suggest(unknown, Precisions.All) : $"Write '{Precision}: [{string.Join(", ", Precisions.All)}]'.");
            }
        }

        return precisions;
    }
}
