using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Training.Methods;

namespace Fleet.Training.Compression;

/// <summary>The weights of a stored model of any form as they are learnt: to look at it, or to train it on.</summary>
internal static class TrainedWeights
{
    /// <returns>As <see cref="ModelCompression.Compress"/> gives them. What was pruned is in its dense form, with zeros.</returns>
    public static IReadOnlyDictionary<string, double[]> Of(ModelDocument model)
    {
        var weights = new Dictionary<string, double[]>();
        foreach (var (prefix, cell) in model.Structure.Cells())
        {
            foreach (var (name, matrix) in cell.Matrices)
            {
                weights[$"{prefix}{name}."] = MatrixTrainings.Of(matrix).Learnt(matrix, part => model.Tensors[$"{prefix}{name}.{part}"]);
            }

            foreach (var spec in CellTensors.Vectors(cell.Shape))
            {
                weights[prefix + spec.Name] = Doubles(model.Tensors[prefix + spec.Name]);
            }
        }

        foreach (var name in new[] { ModelDocument.Embedding, ModelDocument.HeadWeight, ModelDocument.HeadBias })
        {
            if (model.Tensors.TryGetValue(name, out var tensor))
            {
                weights[name] = Doubles(tensor);
            }
        }

        return weights;
    }

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.Floats.ToArray(), value => (double)value);
}
