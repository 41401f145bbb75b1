using Fleet.Protocol.Api;
using Fleet.Protocol.Training;

namespace Fleet.Campaigns.Language;

/// <summary>Reads of <c>model</c> what it says of one that was trained elsewhere: <c>import</c> and <c>normalise</c>.</summary>
internal static class ImportReader
{
    private const string Import = "import";
    private const string Normalise = "normalise";
    private const string Mean = "mean";
    private const string Deviation = "deviation";
    private const string AsIs = "none";

    /// <param name="readsTokens">The campaign's task is one of tokens.</param>
    /// <returns>Null where the campaign's models are trained here from the beginning.</returns>
    public static ModelImport? Read(SectionReader model, bool readsTokens)
    {
        if (model.Value(Import) is not { } value)
        {
            if (model.Value(Normalise) is { } stray)
            {
                model.Problems.Add(stray.At, $"'{Normalise}' says how an imported model was fed, and none is imported.", $"Remove it: models that are trained here have their features normalised. Or add '{Import}: FILE'.");
            }

            return null;
        }

        // Alone where the file tells all; a section where it does not.
        var import = value is YamlMap ? ReadFile(model.Section(Import)) : new ModelImport { File = model.Text(Import) ?? "" };
        return ReadNormalise(model, import, readsTokens);
    }

    private static ModelImport ReadFile(SectionReader section)
    {
        var import = new ModelImport
        {
            File = section.Text("file") ?? "",
            Nonlinearity = section.Choice("nonlinearity", "", "tanh", "relu") is { Length: > 0 } word ? word : null,
            Head = section.Text("head"),
            Embedding = section.Text("embedding"),
        };
        if (import.File.Length == 0)
        {
            section.Problems.Add(section.PlaceOf("file"), $"'{Import}' has no 'file'.", "Name an ONNX file or safetensors: 'file: my.onnx'.");
        }

        section.Finish($"'{Import}'");
        return import;
    }

    private static ModelImport ReadNormalise(SectionReader model, ModelImport import, bool readsTokens)
    {
        if (readsTokens && model.Value(Normalise) is { } stray)
        {
            model.Problems.Add(stray.At, $"'{Normalise}' is for tasks of features; this one has tokens.", $"Leave '{Normalise}' out.");
            return import;
        }

        if (model.Value(Normalise) is not YamlMap)
        {
            return import with { ByTask = model.Choice(Normalise, AsIs, AsIs, ImportSettings.ByTask) == ImportSettings.ByTask };
        }

        var section = model.Section(Normalise);
        var (mean, deviation) = (Numbers(section, Mean, -1e9), Numbers(section, Deviation, 1e-9));
        section.Finish($"'{Normalise}'");
        if (mean.Length != deviation.Length)
        {
            section.Problems.Add(section.At, $"'{Mean}' has {mean.Length} values and '{Deviation}' {deviation.Length}, but each has one a feature.");
        }

        return import with { Mean = mean, Deviation = deviation };
    }

    private static double[] Numbers(SectionReader section, string key, double least)
    {
        if (section.List(key) is { Count: > 0 } items)
        {
            return [.. items.Select(item => section.Number(item, key, 1.0, least, 1e9))];
        }

        section.Problems.Add(section.PlaceOf(key), $"'{Normalise}' has no '{key}'.", $"Give one value a feature: '{key}: [0.1, 0.2]'; or write '{Normalise}: {AsIs}' or '{Normalise}: {ImportSettings.ByTask}'.");
        return [];
    }
}
