using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>One product for all gates.</summary>
internal sealed class DenseMatrixGraph(DenseStructure structure) : MatrixGraph
{
    private const string Weight = "weight";

    private readonly int rows = structure.Gates * structure.Rows;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor) =>
        graph.Node("MatMul", [x, graph.Floats(prefix + Weight, [structure.Columns, rows], () => GraphWriter.Transposed(tensor(Weight).Floats, rows, structure.Columns))]);

    public override IReadOnlyDictionary<string, Array> Restore(Func<string, NumericArray> constant) => new Dictionary<string, Array>
    {
        [Weight] = GraphWriter.Transposed(Matrix(constant(Weight), structure.Columns, rows), structure.Columns, rows),
    };
}
