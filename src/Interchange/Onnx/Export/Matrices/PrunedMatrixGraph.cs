using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>One product with the matrix in full: see <see cref="SparseWeights"/>.</summary>
internal sealed class PrunedMatrixGraph(PrunedStructure structure) : MatrixGraph
{
    private const string Weight = "weight";

    private readonly int rows = structure.Gates * structure.Rows;
    private readonly int columns = structure.Columns;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor) =>
        graph.Node("MatMul", [x, graph.Floats(prefix + Weight, [columns, rows], () => Full(tensor("values").Floats, tensor("columns").Words16, tensor("row_offsets").Words32))]);

    public override IReadOnlyDictionary<string, Array> Restore(Func<string, NumericArray> constant)
    {
        var full = Matrix(constant(Weight), columns, rows);
        var values = new List<float>();
        var places = new List<ushort>();
        var offsets = new uint[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var value = full[(column * rows) + row];
                if (SparseWeights.IsStored(value))
                {
                    values.Add(value);
                    places.Add((ushort)column);
                }
            }

            offsets[row + 1] = (uint)values.Count;
        }

        return new Dictionary<string, Array> { ["values"] = values.ToArray(), ["columns"] = places.ToArray(), ["row_offsets"] = offsets };
    }

    private float[] Full(ReadOnlySpan<float> values, ReadOnlySpan<ushort> places, ReadOnlySpan<uint> offsets)
    {
        var full = new float[columns * rows];
        for (var row = 0; row < rows; row++)
        {
            for (var index = (int)offsets[row]; index < (int)offsets[row + 1]; index++)
            {
                full[(places[index] * rows) + row] = SparseWeights.Stored(values[index]);
            }
        }

        return full;
    }
}
