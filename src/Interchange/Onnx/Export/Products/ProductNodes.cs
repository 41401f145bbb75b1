using Fleet.Interchange.Onnx.Files;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Onnx.Export.Products;

/// <summary>
/// A structure's product as nodes. Operands have their features on the last axis, so weights stand transposed: MatMul(x, F'), or in int8
/// MatMulInteger of x in bytes, times both scales.
/// </summary>
/// <param name="graph">Says in which precision.</param>
/// <param name="prefix">What the constants' names begin with.</param>
/// <param name="tensor">Gives a tensor by its name within the matrix.</param>
internal sealed class ProductNodes(GraphWriter graph, string prefix, Func<string, Tensor> tensor) : IProductOperations<string>
{
    public string Multiply(string x, MatrixFactor factor) => Product(
        x,
        prefix + factor.Name,
        factor.Rows,
        factor.Columns,
        () => Transposed(tensor(factor.Tensor).Floats, factor),
        () => Transposed(tensor(factor.Tensor).Bytes, factor),
        () => Scales(factor));

    public string Multiply(string x, SparseFactor factor)
    {
        var name = prefix + factor.Name;
        SparseWeights.Flag(graph, name, factor.Rows, factor.Columns, () => SparseWeights.Full(factor, tensor, _ => (byte)1));
        return Product(
            x,
            name,
            factor.Rows,
            factor.Columns,
            () => SparseWeights.Full(factor, tensor, index => SparseWeights.Stored(tensor(SparseFactor.Values).Floats[index])),
            () => SparseWeights.Full(factor, tensor, index => tensor(SparseFactor.Values).Bytes[index]),
            () => tensor(TensorSpec.ScaleName(SparseFactor.Values)).Floats.ToArray());
    }

    public string Combine(string s, MatrixFactor factor) => graph.Node("MatMul", [s, Floats(factor)]);

    public string MultiplyRows(MatrixFactor factor, string matrix) => graph.Node("MatMul", [Floats(factor), matrix]);

    public string Add(string left, string right) => graph.Node("Add", [left, right]);

    public IReadOnlyList<string> Split(string value, int parts) => graph.Split(value, parts);

    public string Concat(IReadOnlyList<string> values) => graph.Concat(values);

    public string Slice(string value, int start, int count) => graph.Slice(value, start, count);

    // All axes but the last as one, whose extents Join gives back.
    public string Fold(string x, int length, int rows, int columns)
    {
        var operand = graph.Node("Reshape", [x, graph.Integers(-1, length)]);
        if (rows * columns is var filled && filled > length)
        {
            operand = graph.Node("Pad", [operand, graph.Integers(0, 0, 0, filled - length)]);
        }

        return graph.Node("Reshape", [operand, graph.Integers(-1, rows, columns)]);
    }

    public string Unfold(string matrix, int rows, int columns, int length)
    {
        var vector = graph.Node("Reshape", [matrix, graph.Integers(-1, rows * columns)]);
        return rows * columns > length ? graph.Slice(vector, 0, length) : vector;
    }

    public string Join(IReadOnlyList<string> unfolded, string x, int length)
    {
        var leading = graph.Node("Slice", [graph.Node("Shape", [x]), graph.Integers(0), graph.Integers(-1)]);
        var shape = graph.Node("Concat", [leading, graph.Integers(length)], GraphWriter.Attribute("axis", 0));
        return graph.Node("Reshape", [graph.Concat(unfolded), shape]);
    }

    /// <summary>One product with a matrix [columns, rows].</summary>
    private string Product(string x, string name, int rows, int columns, Func<float[]> floats, Func<sbyte[]> bytes, Func<float[]> scales)
    {
        if (graph.Precision == Precision.Fp32)
        {
            return graph.Node("MatMul", [x, graph.Floats(name, [columns, rows], floats)]);
        }

        var (operand, scale) = graph.Quantised(x);
        var sums = graph.Node("Cast", [graph.Node("MatMulInteger", [operand, graph.Bytes(name, [columns, rows], bytes)])], GraphWriter.Attribute("to", 1));
        return graph.Node("Mul", [graph.Node("Mul", [sums, scale]), graph.Floats(TensorSpec.ScaleName(name), [rows], scales)]);
    }

    /// <summary>A matrix [rows, columns] of floats, though it may be stored in bytes.</summary>
    private string Floats(MatrixFactor factor)
    {
        var name = prefix + factor.Name;
        int[] shape = [factor.Rows, factor.Columns];
        return graph.Precision == Precision.Fp32
            ? graph.Floats(name, shape, () => Plain(tensor(factor.Tensor).Floats, factor))
            : graph.Root.Node(
                "Mul",
                [
                    graph.Root.Node("Cast", [graph.Bytes(name, shape, () => Plain(tensor(factor.Tensor).Bytes, factor))], GraphWriter.Attribute("to", 1)),
                    graph.Floats(TensorSpec.ScaleName(name), [factor.Rows, 1], () => Scales(factor)),
                ]);
    }

    private float[] Scales(MatrixFactor factor)
    {
        var stored = tensor(TensorSpec.ScaleName(factor.Tensor)).Floats;
        var scales = new float[factor.Rows];
        for (var row = 0; row < scales.Length; row++)
        {
            scales[row] = stored[factor.Scale(row)];
        }

        return scales;
    }

    private static T[] Transposed<T>(ReadOnlySpan<T> stored, MatrixFactor factor)
    {
        var elements = new T[factor.Columns * factor.Rows];
        for (var row = 0; row < factor.Rows; row++)
        {
            for (var column = 0; column < factor.Columns; column++)
            {
                if (factor.Element(row, column) is not MatrixFactor.Zero and var element)
                {
                    elements[(column * factor.Rows) + row] = stored[element];
                }
            }
        }

        return elements;
    }

    private static T[] Plain<T>(ReadOnlySpan<T> stored, MatrixFactor factor) =>
        GraphWriter.Transposed<T>(Transposed(stored, factor), factor.Columns, factor.Rows);
}
