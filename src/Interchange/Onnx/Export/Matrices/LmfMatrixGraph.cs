using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>z = V x for all gates in one product, then U z, for each gate or, where they share V, for all of them.</summary>
internal sealed class LmfMatrixGraph(LmfStructure structure) : MatrixGraph
{
    private const string U = "u";
    private const string V = "v";

    private readonly int parts = structure.Shared ? 1 : structure.Gates;
    private readonly int partRows = structure.Gates * structure.Rows / (structure.Shared ? 1 : structure.Gates);
    private readonly int rank = structure.Rank;
    private readonly int columns = structure.Columns;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor)
    {
        var v = Turned(tensor, V, 0, parts * rank, columns);
        var inner = graph.Split(Product(graph, x, prefix + V, parts * rank, columns, v.Floats, v.Bytes, v.Scales), parts);
        return graph.Concat([.. inner.Select((z, part) =>
        {
            var u = Turned(tensor, U, part * partRows, partRows, rank);
            return Product(graph, z, $"{prefix}{U}.{part}", partRows, rank, u.Floats, u.Bytes, u.Scales);
        })]);
    }

    public override Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant) => new()
    {
        [U] = Enumerable.Range(0, parts).SelectMany(part => GraphWriter.Transposed<T>(Matrix<T>(constant($"{U}.{part}"), rank, partRows), rank, partRows)).ToArray(),
        [V] = GraphWriter.Transposed<T>(Matrix<T>(constant(V), columns, parts * rank), columns, parts * rank),
    };

    public override Dictionary<string, Array> Scales(Func<string, NumericArray> constant) => new()
    {
        [TensorSpec.ScaleName(U)] = Enumerable.Range(0, parts).SelectMany(part => Scale(constant, $"{U}.{part}")).ToArray(),
        [TensorSpec.ScaleName(V)] = Scale(constant, V),
    };
}
