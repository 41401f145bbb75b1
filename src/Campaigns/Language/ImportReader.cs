using Fleet.Campaigns.Language.Keys;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Language;

/// <summary>Reads of <c>model</c> what it says of one that was trained elsewhere: <c>import</c> and <c>normalise</c>.</summary>
internal static class ImportReader
{
    /// <param name="readsTokens">The campaign's task is one of tokens.</param>
    /// <returns>Null where the campaign's models are trained here from the beginning.</returns>
    public static ModelImport? Read(SectionReader model, bool readsTokens)
    {
        if (model.Value(ModelKeys.Import) is not { } value)
        {
            if (model.Value(ModelKeys.Normalise) is { } stray)
            {
                model.Problems.Add(
                    stray.At,
                    $"'{ModelKeys.Normalise}' says how an imported model was fed, and none is imported.",
                    $"Remove it: models that are trained here have their features normalised. Or add '{ModelKeys.Import}: FILE'.");
            }

            return null;
        }

        // Alone where the file tells all; a section where it does not.
        var import = value is YamlMap ? ReadFile(model.Section(ModelKeys.Import)) : new ModelImport { File = model.Text(ModelKeys.Import) ?? "" };
        return ReadNormalise(model, import, readsTokens);
    }

    private static ModelImport ReadFile(SectionReader section)
    {
        var import = new ModelImport
        {
            File = section.Text(ModelKeys.File) ?? "",
            Nonlinearity = section.Choice(ModelKeys.Nonlinearity, "", ModelKeys.Nonlinearity.Known) is { Length: > 0 } word ? word : null,
            Head = section.Text(ModelKeys.Head),
            Embedding = section.Text(ModelKeys.EmbeddingName),
        };
        if (import.File.Length == 0)
        {
            section.Problems.Add(section.PlaceOf(ModelKeys.File), $"'{ModelKeys.Import}' has no 'file'.", "Name an ONNX file or safetensors: 'file: my.onnx'.");
        }

        section.Finish($"'{ModelKeys.Import}'");
        return import;
    }

    private static ModelImport ReadNormalise(SectionReader model, ModelImport import, bool readsTokens)
    {
        if (readsTokens && model.Value(ModelKeys.Normalise) is { } stray)
        {
            model.Problems.Add(stray.At, $"'{ModelKeys.Normalise}' is for tasks of features; this one has tokens.", $"Leave '{ModelKeys.Normalise}' out.");
            return import;
        }

        if (model.Value(ModelKeys.Normalise) is not YamlMap)
        {
            return import with { ByTask = model.Choice(ModelKeys.Normalise, ModelKeys.AsIs, ModelKeys.AsIs, ImportSettings.ByTask) == ImportSettings.ByTask };
        }

        var section = model.Section(ModelKeys.Normalise);
        var (mean, deviation) = (Numbers(section, ModelKeys.Mean), Numbers(section, ModelKeys.Deviation));
        section.Finish($"'{ModelKeys.Normalise}'");
        if (mean.Length != deviation.Length)
        {
            section.Problems.Add(
                section.At, $"'{ModelKeys.Mean}' has {mean.Length} values and '{ModelKeys.Deviation}' {deviation.Length}, but each has one a feature.");
        }

        return import with { Mean = mean, Deviation = deviation };
    }

    private static double[] Numbers(SectionReader section, NumberKey<double> key)
    {
        if (section.List(key) is { Count: > 0 } items)
        {
            return [.. items.Select(item => section.Item(item, key))];
        }

        section.Problems.Add(
            section.PlaceOf(key),
            $"'{ModelKeys.Normalise}' has no '{key}'.",
            $"Give one value a feature: '{key}: [0.1, 0.2]'; or write '{ModelKeys.Normalise}: {ModelKeys.AsIs}'"
                + $" or '{ModelKeys.Normalise}: {ImportSettings.ByTask}'.");
        return [];
    }
}
