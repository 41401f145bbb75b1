using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>
/// x, filled up with zeros, as a matrix X of n1 rows; X C' for all gates in one product; then for each gate B times that, whose rows one
/// behind the other are the result, without those beyond the matrix.
/// </summary>
internal sealed class KroneckerMatrixGraph(KroneckerStructure structure) : MatrixGraph
{
    private const string B = "b";
    private const string C = "c";

    private readonly int gates = structure.Gates;
    private readonly int outerRows = structure.OuterRows;
    private readonly int outerColumns = structure.OuterColumns;
    private readonly int innerRows = structure.InnerRows;
    private readonly int innerColumns = structure.InnerColumns;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor)
    {
        // All axes but the last as one, whose extents are kept for the result.
        var operand = graph.Node("Reshape", [x, graph.Integers(-1, structure.Columns)]);
        if (outerColumns * innerColumns is var filled && filled > structure.Columns)
        {
            operand = graph.Node("Pad", [operand, graph.Integers(0, 0, 0, filled - structure.Columns)]);
        }

        var matrix = graph.Node("Reshape", [operand, graph.Integers(-1, outerColumns, innerColumns)]);
        var c = Turned(tensor, C, 0, gates * innerRows, innerColumns);
        var inner = graph.Split(Product(graph, matrix, prefix + C, gates * innerRows, innerColumns, c.Floats, c.Bytes, c.Scales), gates);
        var parts = new List<string>();
        for (var gate = 0; gate < gates; gate++)
        {
            var b = Plain(tensor, B, gate * outerRows, outerRows, outerColumns);
            var outer = Floats(graph, $"{prefix}{B}.{gate}", outerRows, outerColumns, b.Floats, b.Bytes, b.Scales);
            var product = graph.Node("Reshape", [graph.Node("MatMul", [outer, inner[gate]]), graph.Integers(-1, outerRows * innerRows)]);
            parts.Add(outerRows * innerRows > structure.Rows ? graph.First(product, structure.Rows) : product);
        }

        var leading = graph.Node("Slice", [graph.Node("Shape", [x]), graph.Integers(0), graph.Integers(-1)]);
        var shape = graph.Node("Concat", [leading, graph.Integers(gates * structure.Rows)], GraphWriter.Attribute("axis", 0));
        return graph.Node("Reshape", [graph.Concat(parts), shape]);
    }

    public override Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant) => new()
    {
        [B] = Enumerable.Range(0, gates).SelectMany(gate => Matrix<T>(constant($"{B}.{gate}"), outerRows, outerColumns)).ToArray(),
        [C] = GraphWriter.Transposed<T>(Matrix<T>(constant(C), innerColumns, gates * innerRows), innerColumns, gates * innerRows),
    };

    public override Dictionary<string, Array> Scales(Func<string, NumericArray> constant) => new()
    {
        [TensorSpec.ScaleName(B)] = Enumerable.Range(0, gates).SelectMany(gate => Scale(constant, $"{B}.{gate}")).ToArray(),
        [TensorSpec.ScaleName(C)] = Scale(constant, C),
    };
}
