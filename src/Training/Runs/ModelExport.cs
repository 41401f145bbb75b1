using Fleet.Kernels;
using Fleet.Kernels.Models;
using Fleet.Protocol.Training;
using Fleet.Tasks.Packs;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>A trained network as the document that is stored and run.</summary>
internal static class ModelExport
{
    public static ModelDocument Document(TrainingJob job, PackMetadata task, TrainingPlan plan, Network<float> network)
    {
        var tensors = network.Export();
        if (plan.Normalisation is { Mean.Length: var features } normalisation)
        {
            tensors = tensors
                .Append(new Tensor(ModelDocument.Mean, [features], normalisation.Mean))
                .Append(new Tensor(ModelDocument.Scale, [features], normalisation.Scale));
        }

        var metadata = new ModelMetadata
        {
            Task = job.Task,
            Metric = task.Metric,
            Steps = plan.SequenceSteps,
            Labels = task.Labels,
            Method = job.Recipe.Method,
            VariantName = job.VariantName,
            Variant = job.Variant,
            Seed = job.Seed,
            NumericsVersion = NumericsVersion.Current,
            LearningRate = plan.Settings.LearningRate == job.Recipe.Training.LearningRate ? null : plan.Settings.LearningRate,
        };
        return new ModelDocument(metadata, network.Structure, tensors.ToDictionary(tensor => tensor.Name));
    }
}
