using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>One product for all gates.</summary>
internal sealed class DenseMatrixGraph(DenseStructure structure) : MatrixGraph
{
    private const string Weight = "weight";

    private readonly int rows = structure.Gates * structure.Rows;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor)
    {
        var (floats, bytes, scales) = Turned(tensor, Weight, 0, rows, structure.Columns);
        return Product(graph, x, prefix + Weight, rows, structure.Columns, floats, bytes, scales);
    }

    public override Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant) => new()
    {
        [Weight] = GraphWriter.Transposed<T>(Matrix<T>(constant(Weight), structure.Columns, rows), structure.Columns, rows),
    };

    public override Dictionary<string, Array> Scales(Func<string, NumericArray> constant) => new() { [TensorSpec.ScaleName(Weight)] = Scale(constant, Weight) };
}
