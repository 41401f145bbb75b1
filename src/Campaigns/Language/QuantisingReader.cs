using Fleet.Campaigns.Language.Keys;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Language;

/// <summary>The precisions that a variant is wanted in, and how those in int8 come about.</summary>
/// <param name="Way">One of <see cref="Quantisations.All"/>.</param>
internal sealed record Quantising(IReadOnlyList<string> Precisions, string Way)
{
    /// <summary>Only such a variant is trained in int8, so only it can begin from its like in fp32.</summary>
    public bool IsAwareOnly => Way == Quantisations.Aware && Precisions.All(precision => precision == Domain.Recipes.Precisions.Int8);
}

/// <summary>Reads of a variant <c>precision</c>, one or a list, and <c>quantisation</c>.</summary>
internal static class QuantisingReader
{
    public static Quantising Read(SectionReader variant)
    {
        var precisions = ReadPrecisions(variant);
        if (variant.Value(VariantKeys.Quantisation) is { } stray && !precisions.Contains(Precisions.Int8))
        {
            variant.Problems.Add(
                stray.At,
                $"'{VariantKeys.Quantisation}' says how int8 comes about, but this variant is not in int8.",
                $"Add '{VariantKeys.Precision}: {Precisions.Int8}', or leave '{VariantKeys.Quantisation}' out.");
        }

        return new Quantising(precisions, variant.Choice(VariantKeys.Quantisation));
    }

    private static List<string> ReadPrecisions(SectionReader variant)
    {
        if (variant.List(VariantKeys.Precision) is not { } items)
        {
            return [Precisions.Fp32];
        }

        if (items.Count == 0)
        {
            variant.Problems.Add(
                variant.PlaceOf(VariantKeys.Precision),
                $"'{VariantKeys.Precision}' is empty.",
                $"Give one or a list of them: '{VariantKeys.Precision}: [{string.Join(", ", Precisions.All)}]'.");
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
                    $"'{VariantKeys.Precision}' is {(item is YamlText text ? $"'{text.Text}'" : item.Kind)}, but must be {WordList.Or(Precisions.All)}.",
                    item is YamlText { Text: var unknown }
                        ? Spelling.Suggest(unknown, Precisions.All)
                        : $"Write '{VariantKeys.Precision}: [{string.Join(", ", Precisions.All)}]'.");
            }
        }

        return precisions;
    }
}
