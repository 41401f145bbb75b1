using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Training.Matrices;

/// <summary>Compressed sparse rows of what a mask keeps.</summary>
internal static class SparseRows
{
    /// <summary>values[kept]; columns[kept], ascending within a row; row_offsets[rows + 1].</summary>
    /// <param name="weights">[rows, columns]</param>
    public static IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<bool> kept, ReadOnlySpan<float> weights, int rows, int columns)
    {
        var values = new List<float>();
        foreach (var index in Indices(kept))
        {
            values.Add(weights[index]);
        }

        return [new Tensor(prefix + "values", [values.Count], values.ToArray()), .. Positions(prefix, kept, rows, columns)];
    }

    /// <summary>columns[kept] and row_offsets[rows + 1].</summary>
    public static IEnumerable<Tensor> Positions(string prefix, ReadOnlySpan<bool> kept, int rows, int columns)
    {
        var indices = Indices(kept);
        var offsets = new uint[rows + 1];
        foreach (var index in indices)
        {
            offsets[(index / columns) + 1]++;
        }

        for (var row = 0; row < rows; row++)
        {
            offsets[row + 1] += offsets[row];
        }

        return
        [
            new Tensor(prefix + "columns", [indices.Count], indices.Select(index => (ushort)(index % columns)).ToArray()),
            new Tensor(prefix + "row_offsets", [offsets.Length], offsets),
        ];
    }

    /// <summary>Where the mask keeps something, ascending.</summary>
    public static List<int> Indices(ReadOnlySpan<bool> kept)
    {
        var indices = new List<int>();
        for (var index = 0; index < kept.Length; index++)
        {
            if (kept[index])
            {
                indices.Add(index);
            }
        }

        return indices;
    }

    /// <summary>
    /// The dense matrix, with zeros, of stored blocks of some rows in one column, in the order of their stacks; a gate's last stack may
    /// have fewer rows.
    /// </summary>
    public static double[] Spread(MatrixStructure matrix, int stacks, int height, Func<string, Tensor> tensor)
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
}
