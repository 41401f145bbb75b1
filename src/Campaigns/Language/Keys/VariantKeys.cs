using Fleet.Domain.Recipes;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>What may stand in an item of <c>variants</c>. The parameters of methods are keys too: the methods say which.</summary>
internal static class VariantKeys
{
    public static KeySection Section { get; } = new(
        "variants", "Each item is a method with one or more compression factors and precisions; each combination is a variant.");

    public static Key Method { get; } = Section.Free("method", "word", KeySection.Required, string.Join(", ", CellMethods.Names),
        new("How the weights are structured ([compression.md](compression.md)).", "method: hmd"));

    public static NumberKey<double> Compression { get; } = Section.Reals("compression", "required, but not of `dense`", double.NaN, 0, 1e6,
        new(
            "Parameters of the dense cell over those of the compressed one. What can be reached depends on the method and on the model's size;"
                + " a message names the range.",
            "compression: [2, 4]",
            "times"));

    public static ChoiceKey Precision { get; } = Section.Choices("precision", Precisions.Fp32, Precisions.All,
        new("`int8` needs the same variant in fp32, too, unless it learns to be in int8 ([int8.md](int8.md)).", "precision: [fp32, int8]"));

    public static ChoiceKey Quantisation { get; } = Section.Choice("quantisation", Quantisations.All,
        new(
            "How int8 comes about: `after` training from the trained fp32 variant, or `aware`, where training itself counts with quantised values.",
            "quantisation: aware"));

    public static ChoiceKey From { get; } = Section.OptionalChoice("from", "random weights", [DenseStructure.Name, Precisions.Fp32],
        new(
            "What the weights begin as: those of the dense variant, compressed; or, of a variant with `quantisation: aware`, those of its like in fp32.",
            "from: dense"));

    public static Key FineTune { get; } = Section.Free("fine_tune", "section", "as in `training`", "",
        new("How weights are tuned that are there already; needs `from`.", "fine_tune: { epochs: 10 }"));

    public static Key Distil { get; } = Section.Free("distil", "section", "labels alone teach", "",
        new("The dense variant teaches, too. Not for `dense`, and not for tasks of tokens.", "distil: { weight: 0.7 }"));

    public static KeySection FineTuneSection { get; } = new("variants: fine_tune", "Instead of the same keys in `training`.");

    public static NumberKey<int> FineTuneEpochs { get; } = FineTuneSection.OptionalInteger("epochs", "as in `training`", 1, TrainingKeys.MaxEpochs,
        new("Passes over the training data.", "epochs: 10", "epochs"));

    public static NumberKey<double> FineTuneLearningRate { get; } = FineTuneSection.OptionalReal("learning_rate", "as in `training`", 0, 1e-8, 10,
        new("Adam's learning rate.", "learning_rate: 0.001"));

    public static KeySection DistilSection { get; } = new(
        "variants: distil", "The loss is (1 - weight) cross-entropy + weight T² KL(teacher ‖ student), the logits of both divided by T, the temperature.");

    public static NumberKey<double> Weight { get; } = DistilSection.Real("weight", new DistillationSettings().Weight, 0.01, 1,
        new("How much the teacher counts; at 1 the labels do not.", "weight: 0.7", "share"));

    public static NumberKey<double> Temperature { get; } = DistilSection.Real("temperature", new DistillationSettings().Temperature, 0.1, 100,
        new("The higher, the more the teacher's small probabilities count.", "temperature: 4"));
}
