using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>One product with the matrix in full: see <see cref="SparseWeights"/>.</summary>
internal sealed class PrunedMatrixGraph(PrunedStructure structure) : MatrixGraph
{
    private const string Weight = "weight";
    private const string Values = "values";

    private readonly int rows = structure.Gates * structure.Rows;
    private readonly int columns = structure.Columns;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor)
    {
        SparseWeights.Flag(graph, prefix + Weight, rows, columns, () => Full(tensor, _ => (byte)1));
        return Product(
            graph,
            x,
            prefix + Weight,
            rows,
            columns,
            () => Full(tensor, index => SparseWeights.Stored(tensor(Values).Floats[index])),
            () => Full(tensor, index => tensor(Values).Bytes[index]),
            () => tensor(TensorSpec.ScaleName(Values)).Floats.ToArray());
    }

    public override Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant)
    {
        var full = Matrix<T>(constant(Weight), columns, rows);
        var flags = SparseWeights.Flags(constant, Weight, full);
        var values = new List<T>();
        var places = new List<ushort>();
        var offsets = new uint[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (flags[(column * rows) + row])
                {
                    values.Add(full[(column * rows) + row]);
                    places.Add((ushort)column);
                }
            }

            offsets[row + 1] = (uint)values.Count;
        }

        return new() { [Values] = values.ToArray(), ["columns"] = places.ToArray(), ["row_offsets"] = offsets };
    }

    public override Dictionary<string, Array> Scales(Func<string, NumericArray> constant) => new() { [TensorSpec.ScaleName(Values)] = Scale(constant, Weight) };

    // [columns, rows]: each entry's element, the default elsewhere.
    private T[] Full<T>(Func<string, Tensor> tensor, Func<int, T> entry)
    {
        var places = tensor("columns").Words16;
        var offsets = tensor("row_offsets").Words32;
        var full = new T[columns * rows];
        for (var row = 0; row < rows; row++)
        {
            for (var index = (int)offsets[row]; index < (int)offsets[row + 1]; index++)
            {
                full[(places[index] * rows) + row] = entry(index);
            }
        }

        return full;
    }
}
