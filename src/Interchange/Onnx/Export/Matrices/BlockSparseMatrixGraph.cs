using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>
/// Written out in full as a pruned matrix is, with the rows that fill up each gate's last stack; what those give is cut off.
/// </summary>
internal sealed class BlockSparseMatrixGraph(BlockSparseStructure structure) : MatrixGraph
{
    private const string Weight = "weight";
    private const string Values = "values";

    private readonly int gateRows = structure.Stacks * structure.Height;
    private readonly int rows = structure.Gates * structure.Stacks * structure.Height;
    private readonly int columns = structure.Columns;
    private readonly int height = structure.Height;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor)
    {
        SparseWeights.Flag(graph, prefix + Weight, rows, columns, () => Full(tensor, _ => (byte)1));
        var product = Product(
            graph,
            x,
            prefix + Weight,
            rows,
            columns,
            () => Full(tensor, index => SparseWeights.Stored(tensor(Values).Floats[index])),
            () => Full(tensor, index => tensor(Values).Bytes[index]),
            () => tensor(TensorSpec.ScaleName(Values)).Floats.ToArray());
        return gateRows == structure.Rows
            ? product
            : graph.Concat([.. graph.Split(product, structure.Gates).Select(gate => graph.First(gate, structure.Rows))]);
    }

    public override Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant)
    {
        var full = Matrix<T>(constant(Weight), columns, rows);
        var flags = SparseWeights.Flags(constant, Weight, full);
        var values = new List<T>();
        var places = new List<ushort>();
        var offsets = new uint[(rows / height) + 1];
        for (var stack = 0; stack < rows / height; stack++)
        {
            for (var column = 0; column < columns; column++)
            {
                var start = (column * rows) + (stack * height);
                if (flags.AsSpan(start, height).Contains(true))
                {
                    values.AddRange(full.AsSpan(start, height));
                    places.Add((ushort)column);
                }
            }

            offsets[stack + 1] = (uint)places.Count;
        }

        return new() { [Values] = values.ToArray(), ["columns"] = places.ToArray(), ["row_offsets"] = offsets };
    }

    public override Dictionary<string, Array> Scales(Func<string, NumericArray> constant) => new() { [TensorSpec.ScaleName(Values)] = Scale(constant, Weight) };

    // [columns, rows]: each value's element, the default elsewhere.
    private T[] Full<T>(Func<string, Tensor> tensor, Func<int, T> value)
    {
        var places = tensor("columns").Words16;
        var offsets = tensor("row_offsets").Words32;
        var full = new T[columns * rows];
        for (var stack = 0; stack < rows / height; stack++)
        {
            for (var index = (int)offsets[stack]; index < (int)offsets[stack + 1]; index++)
            {
                for (var row = 0; row < height; row++)
                {
                    full[(places[index] * rows) + (stack * height) + row] = value((index * height) + row);
                }
            }
        }

        return full;
    }
}
