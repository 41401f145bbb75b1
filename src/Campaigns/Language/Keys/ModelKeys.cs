using Fleet.Domain.Recipes;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>What may stand in <c>model</c>.</summary>
internal static class ModelKeys
{
    public const int MaxHidden = 4096;
    public const int MaxLayers = 8;
    public const int MaxWidth = 4096;
    public const string AsIs = "none";

    public static KeySection Section { get; } = new(
        "model", "The recurrent layers that all variants have. With `import`, the model has all of it but `normalise`.");

    public static ChoiceKey Cell { get; } = Section.Choice("cell", CellNames.All,
        new("The recurrent cell ([training.md](training.md)).", "cell: gru"));

    public static NumberKey<int> Hidden { get; } = Section.Integer(
        "hidden", 64, 1, MaxHidden, new("Hidden units of a layer, in each direction.", "hidden: 128", "units"));

    public static NumberKey<int> Layers { get; } = Section.Integer(
        "layers", 1, 1, MaxLayers, new("Recurrent layers one upon the other.", "layers: 2", "layers"));

    public static BooleanKey Bidirectional { get; } = Section.Boolean("bidirectional", false,
        new("Each layer reads the sequence from both ends. Not for tasks of tokens.", "bidirectional: true"));

    public static NumberKey<int> Embedding { get; } = Section.OptionalInteger("embedding", "as many as `hidden`", 1, MaxWidth,
        new("Width of the embedding; only for tasks of tokens.", "embedding: 200", "values"));

    public static Key Import { get; } = Section.Free("import", "text or section", "none: models are trained here", "an ONNX or safetensors file",
        new("A trained model that the dense variant is. A path is relative to the campaign file ([interchange.md](interchange.md)).", "import: my.onnx"));

    public static ChoiceKey Normalise { get; } = Section.OptionalChoice("normalise", AsIs, [AsIs, ImportSettings.ByTask, "{ mean, deviation }"],
        new(
            "How the features were brought to a common scale before the imported model saw them:"
                + " not at all, by the training data's mean and deviation, or by the given ones.",
            "normalise: task"));

    public static KeySection ImportSection { get; } = new("model: import", "Where the file does not tell all that must be known of it.");

    public static Key File { get; } = ImportSection.Free("file", "text", KeySection.Required, "", new("Path of the file.", "file: my.safetensors"));

    public static ChoiceKey Nonlinearity { get; } = ImportSection.OptionalChoice("nonlinearity", "as the file says; else `tanh`", ["tanh", "relu"],
        new("Of a plain RNN in a state dict, which does not tell it.", "nonlinearity: relu"));

    public static Key Head { get; } = ImportSection.Free(
        "head", "text", "found by its shape", "", new("Name of the output layer's weights in a state dict.", "head: classifier"));

    public static Key EmbeddingName { get; } = ImportSection.Free(
        "embedding", "text", "found by its shape", "", new("Name of the embedding's weights in a state dict.", "embedding: encoder"));

    public static KeySection NormaliseSection { get; } = new(
        "model: normalise", "The scale that an imported model was trained with: (feature - mean) / deviation. One value for each feature.");

    public static NumberKey<double> Mean { get; } = NormaliseSection.Reals("mean", KeySection.Required, 1, -1e9, 1e9, new("Means.", "mean: [0.1, 9.8]"));

    public static NumberKey<double> Deviation { get; } = NormaliseSection.Reals(
        "deviation", KeySection.Required, 1, 1e-9, 1e9, new("Standard deviations.", "deviation: [1.2, 3.4]"));
}
