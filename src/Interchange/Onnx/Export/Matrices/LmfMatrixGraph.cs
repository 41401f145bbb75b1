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
        var v = graph.Floats(prefix + V, [columns, parts * rank], () => GraphWriter.Transposed(tensor(V).Floats, parts * rank, columns));
        var inner = graph.Split(graph.Node("MatMul", [x, v]), parts);
        return graph.Concat([.. inner.Select((z, part) => graph.Node("MatMul", [z, graph.Floats(
            $"{prefix}{U}.{part}", [rank, partRows], () => GraphWriter.Transposed(tensor(U).Floats.Slice(part * partRows * rank, partRows * rank), partRows, rank))]))]);
    }

    public override IReadOnlyDictionary<string, Array> Restore(Func<string, NumericArray> constant) => new Dictionary<string, Array>
    {
        [U] = Enumerable.Range(0, parts).SelectMany(part => GraphWriter.Transposed(Matrix(constant($"{U}.{part}"), rank, partRows), rank, partRows)).ToArray(),
        [V] = GraphWriter.Transposed(Matrix(constant(V), columns, parts * rank), columns, parts * rank),
    };
}
