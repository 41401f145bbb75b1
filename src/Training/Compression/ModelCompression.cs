using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Training.Methods;

namespace Fleet.Training.Compression;

/// <summary>The weights with which a compressed network begins, from those of a trained dense one.</summary>
internal static class ModelCompression
{
    /// <param name="target">Of the same layers and head, its matrices of any form.</param>
    /// <returns>
    /// Of each matrix, by what its tensors' names begin with, the weights in the order in which they are learnt; every other tensor
    /// by its name.
    /// </returns>
    /// <exception cref="ArgumentException">The model cannot become one of that structure; the message says why.</exception>
    public static IReadOnlyDictionary<string, double[]> Compress(ModelDocument dense, ModelStructure target)
    {
        Check(dense.Structure, target);
        var tensors = Ordered(dense, target);
        var weights = new Dictionary<string, double[]>();
        foreach (var (prefix, cell) in target.Cells())
        {
            foreach (var (name, matrix) in cell.Matrices)
            {
                weights[$"{prefix}{name}."] = MatrixTrainings.Compress(matrix, Doubles(tensors[$"{prefix}{name}.weight"]));
            }
        }

        foreach (var (name, tensor) in tensors.Where(pair => !weights.Keys.Any(prefix => pair.Key.StartsWith(prefix, StringComparison.Ordinal))))
        {
            weights[name] = Doubles(tensor);
        }

        return weights;
    }

    /// <summary>Does nothing where the dense model has the layers and the head of the other.</summary>
    /// <exception cref="ArgumentException">It has not, or it is not dense; the message says what it is.</exception>
    public static void Check(ModelStructure dense, ModelStructure target)
    {
        if (FindFault(dense, target) is { } fault)
        {
            throw new ArgumentException(fault);
        }
    }

    // The units of every cell that takes the hybrid form in the order that suits it.
    private static Dictionary<string, Tensor> Ordered(ModelDocument dense, ModelStructure target)
    {
        var tensors = dense.Tensors.ToDictionary();
        for (var layer = 0; layer < target.Layers.Count; layer++)
        {
            for (var cell = 0; cell < target.Layers[layer].Cells.Count; cell++)
            {
                var prefix = ModelDocument.CellPrefix(layer, target.Layers[layer].IsReverse(cell));
                HybridCandidate[] hybrid =
                [
                    .. from pair in target.Layers[layer].Cells[cell].Matrices
                    where pair.Matrix is HmdStructure
                    select new HybridCandidate(
                        (HmdStructure)pair.Matrix, Doubles(tensors[$"{prefix}{pair.Name}.weight"]), ReadsState: pair.Name != CellTensors.Input),
                ];
                if (hybrid.Length > 0)
                {
                    tensors = UnitPermutation.Apply(dense.Structure, tensors, layer, cell, RichUnits.Order(hybrid));
                }
            }
        }

        return tensors;
    }

    private static string? FindFault(ModelStructure dense, ModelStructure target)
    {
        if (dense.Precision != Precision.Fp32)
        {
            return "its weights are int8; a model to compress has its weights in fp32";
        }

        if (dense.Embedding != target.Embedding || dense.Layers.Count != target.Layers.Count
            || (dense.Head.Kind, dense.Head.Outputs) != (target.Head.Kind, target.Head.Outputs))
        {
            return $"it is {Text(dense)}, but what is asked for is {Text(target)}";
        }

        foreach (var (asked, given) in target.Layers.Zip(dense.Layers))
        {
            if (asked.Direction != given.Direction || asked.Shape != given.Shape)
            {
                return $"it is {Text(dense)}, but what is asked for is {Text(target)}";
            }
        }

        return dense.Cells().SelectMany(pair => pair.Cell.Matrices.Select(matrix => (pair.Prefix, matrix.Name, matrix.Matrix)))
            .Where(matrix => matrix.Matrix is not DenseStructure)
            .Select(matrix => $"{matrix.Prefix}{matrix.Name} is {matrix.Matrix.Method}; a model to compress is dense")
            .FirstOrDefault();
    }

    private static string Text(ModelStructure structure)
    {
        var layers = structure.Layers.Select(
            layer => $"{(layer.Cells.Count == 2 ? "bidirectional " : "")}{layer.Shape.Kind} {layer.Shape.Input} -> {layer.Shape.Hidden}");
        return $"{string.Join(", ", layers)} with {structure.Head.Outputs} outputs";
    }

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll((float[])tensor.Data, value => (double)value);
}
