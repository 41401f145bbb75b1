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

    private readonly int gateRows = structure.Stacks * structure.Height;
    private readonly int rows = structure.Gates * structure.Stacks * structure.Height;
    private readonly int columns = structure.Columns;
    private readonly int height = structure.Height;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor)
    {
        var product = graph.Node("MatMul", [x, graph.Floats(prefix + Weight, [columns, rows], () => Full(tensor("values").Floats, tensor("columns").Words16, tensor("row_offsets").Words32))]);
        return gateRows == structure.Rows
            ? product
            : graph.Concat([.. graph.Split(product, structure.Gates).Select(gate => graph.First(gate, structure.Rows))]);
    }

    public override IReadOnlyDictionary<string, Array> Restore(Func<string, NumericArray> constant)
    {
        var full = Matrix(constant(Weight), columns, rows);
        var values = new List<float>();
        var places = new List<ushort>();
        var offsets = new uint[(rows / height) + 1];
        for (var stack = 0; stack < rows / height; stack++)
        {
            for (var column = 0; column < columns; column++)
            {
                var block = full.AsSpan((column * rows) + (stack * height), height);
                if (SparseWeights.IsAnyStored(block))
                {
                    values.AddRange(block);
                    places.Add((ushort)column);
                }
            }

            offsets[stack + 1] = (uint)places.Count;
        }

        return new Dictionary<string, Array> { ["values"] = values.ToArray(), ["columns"] = places.ToArray(), ["row_offsets"] = offsets };
    }

    private float[] Full(ReadOnlySpan<float> values, ReadOnlySpan<ushort> places, ReadOnlySpan<uint> offsets)
    {
        var full = new float[columns * rows];
        for (var stack = 0; stack < rows / height; stack++)
        {
            for (var index = (int)offsets[stack]; index < (int)offsets[stack + 1]; index++)
            {
                for (var row = 0; row < height; row++)
                {
                    full[(places[index] * rows) + (stack * height) + row] = SparseWeights.Stored(values[(index * height) + row]);
                }
            }
        }

        return full;
    }
}
