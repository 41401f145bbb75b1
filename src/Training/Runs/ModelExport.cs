using Fleet.Kernels;
using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Packs;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>A trained network as the document that is stored and run.</summary>
public static class ModelExport
{
    internal static ModelDocument Document(VariantIdentity variant, PackMetadata task, TrainingPlan plan, Network<float> network)
    {
        var tensors = network.Export();
        if (plan.Normalisation is { Mean.Length: var features } normalisation)
        {
            tensors = tensors
                .Append(new Tensor(ModelDocument.Mean, [features], normalisation.Mean))
                .Append(new Tensor(ModelDocument.Scale, [features], normalisation.Scale));
        }

        return new ModelDocument(Metadata(variant, task, plan), network.Structure, tensors.ToDictionary(tensor => tensor.Name));
    }

    public static ModelMetadata Metadata(VariantIdentity variant, PackMetadata task, TrainingPlan plan) => new()
    {
        Task = task.Task,
        Metric = task.Metric,
        Steps = plan.SequenceSteps,
        Labels = task.Labels,
        Method = variant.Recipe.Method,
        VariantName = variant.Name,
        Variant = variant.Key,
        Seed = plan.Seed,
        NumericsVersion = NumericsVersion.Current,
        LearningRate = plan.Settings.LearningRate == variant.Recipe.Training.LearningRate ? null : plan.Settings.LearningRate,
    };

    /// <summary>The network as it is, to be run on features that are normalised.</summary>
    internal static ModelDocument OnNormalised(Network<float> network) =>
        new(new ModelMetadata(), network.Structure with { Normalised = false }, network.Export().ToDictionary(tensor => tensor.Name));

    /// <summary>A model that is run on features that are normalised.</summary>
    public static ModelDocument OnNormalised(ModelDocument document) => document with
    {
        Structure = document.Structure with { Normalised = false },
        Tensors = document.Tensors.Where(pair => pair.Key is not (ModelDocument.Mean or ModelDocument.Scale)).ToDictionary(),
    };
}
