using Fleet.Kernels;
using Fleet.Kernels.Models;
using Fleet.Protocol.Training;
using Fleet.Tasks.Packs;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>A trained network as the document that is stored and run.</summary>
internal static class ModelExport
{
    public static ModelDocument Document(TrainingJob job, PackMetadata task, int steps, Network<float> network, Normalisation? normalisation)
    {
        var tensors = network.Export();
        if (normalisation is { Mean.Length: var features })
        {
            tensors = tensors
                .Append(new Tensor(ModelDocument.Mean, [features], normalisation.Mean))
                .Append(new Tensor(ModelDocument.Scale, [features], normalisation.Scale));
        }

        var metadata = new ModelMetadata
        {
            Task = job.Task,
            Metric = task.Metric,
            Steps = steps,
            Labels = task.Labels,
            Method = job.Recipe.Method,
            VariantName = job.VariantName,
            Variant = job.Variant,
            Seed = job.Seed,
            NumericsVersion = NumericsVersion.Current,
        };
        return new ModelDocument(metadata, network.Structure, tensors.ToDictionary(tensor => tensor.Name));
    }
}
