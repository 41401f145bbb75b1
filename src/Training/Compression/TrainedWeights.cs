using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

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
                weights[$"{prefix}{name}."] = Learnt(matrix, part => model.Tensors[$"{prefix}{name}.{part}"]);
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

    private static double[] Learnt(MatrixStructure matrix, Func<string, Tensor> tensor) => matrix switch
    {
        PrunedStructure pruned => Spread(pruned, pruned.Gates * pruned.Rows, 1, tensor),
        BlockSparseStructure sparse => Spread(sparse, sparse.Gates * sparse.Stacks, sparse.Height, tensor),
        DopedKroneckerStructure doped => [.. Learnt(doped.Kronecker, tensor), .. Learnt(doped.Dope, tensor)],
        _ => [.. matrix.Tensors.SelectMany(spec => Doubles(tensor(spec.Name)))],
    };

    // Blocks of some rows in one column, in the order of their stacks; a gate's last stack may have fewer rows.
    private static double[] Spread(MatrixStructure matrix, int stacks, int height, Func<string, Tensor> tensor)
    {
        var dense = new double[matrix.Gates * matrix.Rows * matrix.Columns];
        var values = tensor("values").Floats;
        var columns = tensor("columns").Words16;
        var offsets = tensor("row_offsets").Words32;
        var ofGate = stacks / matrix.Gates;
        for (var stack = 0; stack < stacks; stack++)
        {
            var row = stack % ofGate * height;
            var first = (stack / ofGate * matrix.Rows) + row;
            for (var block = (int)offsets[stack]; block < offsets[stack + 1]; block++)
            {
                for (var line = 0; line < Math.Min(height, matrix.Rows - row); line++)
                {
                    dense[((first + line) * matrix.Columns) + columns[block]] = values[(block * height) + line];
                }
            }
        }

        return dense;
    }

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.Floats.ToArray(), value => (double)value);
}
