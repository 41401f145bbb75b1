using Fleet.Kernels;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
using Fleet.Tasks.Packs;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>A trained network as the document that is stored and run.</summary>
internal static class ModelExport
{
    public static ModelDocument Document(TrainingJob job, PackMetadata task, int steps, LstmNetwork<float> network, Normalisation normalisation)
    {
        var parameters = network.Parameters;
        var layout = network.Layout;
        IEnumerable<Tensor> tensors =
        [
            .. network.Input.Export(ModelDocument.MatrixPrefix(0, reverse: false, CellTensors.Input), parameters[layout.Input]),
            .. network.Recurrent.Export(ModelDocument.MatrixPrefix(0, reverse: false, CellTensors.Recurrent), parameters[layout.Recurrent]),
            new Tensor(ModelDocument.CellPrefix(0, reverse: false) + CellTensors.Bias, [4 * network.Hidden], parameters[layout.Bias].ToArray()),
            new Tensor(ModelDocument.HeadWeight, [network.Classes, network.Hidden], parameters[layout.HeadWeight].ToArray()),
            new Tensor(ModelDocument.HeadBias, [network.Classes], parameters[layout.HeadBias].ToArray()),
            new Tensor(ModelDocument.Mean, [network.Features], normalisation.Mean),
            new Tensor(ModelDocument.Scale, [network.Features], normalisation.Scale),
        ];
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
        return new ModelDocument(metadata, ModelStructure.Classifier(network.Structure, network.Classes), tensors.ToDictionary(tensor => tensor.Name));
    }
}
