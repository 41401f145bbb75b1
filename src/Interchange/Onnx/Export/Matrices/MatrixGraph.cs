using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>
/// A weight matrix as the nodes that multiply with it, and back: how a structure looks in ONNX. Operands have their features on the
/// last axis, so weights stand transposed: MatMul(x, W'), or in int8 MatMulInteger of x in bytes, times both scales.
/// </summary>
internal abstract class MatrixGraph
{
    /// <summary>The form of a structure.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static MatrixGraph Of(MatrixStructure structure) => structure switch
    {
        DenseStructure dense => new DenseMatrixGraph(dense),
        HmdStructure hmd => new HmdMatrixGraph(hmd),
        LmfStructure lmf => new LmfMatrixGraph(lmf),
        PrunedStructure pruned => new PrunedMatrixGraph(pruned),
        BlockSparseStructure sparse => new BlockSparseMatrixGraph(sparse),
        KroneckerStructure kronecker => new KroneckerMatrixGraph(kronecker),
        DopedKroneckerStructure doped => new DopedKroneckerMatrixGraph(doped),
        _ => throw new NotSupportedException($"Matrices of {structure.Method} cannot be written as ONNX."),
    };

    /// <summary>Adds the nodes of W x.</summary>
    /// <param name="graph">Says in which precision.</param>
    /// <param name="x">Name of the operand, [..., columns].</param>
    /// <param name="prefix">What the constants' names begin with.</param>
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    /// <returns>Name of the product, [..., gates * rows].</returns>
    public abstract string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor);

    /// <summary>The elements of each of the structure's tensors, from the constants that <see cref="Multiply"/> writes.</summary>
    /// <param name="constant">Gives a constant by its name behind the prefix.</param>
    /// <returns>By name within the matrix.</returns>
    public IReadOnlyDictionary<string, Array> Restore(Precision precision, Func<string, NumericArray> constant) => precision == Precision.Int8
        ? Weights<sbyte>(constant).Concat(Scales(constant)).ToDictionary()
        : Weights<float>(constant);

    public abstract Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant)
        where T : unmanaged, IEquatable<T>;

    /// <summary>In int8, the scales that stand beside the weights.</summary>
    public abstract Dictionary<string, Array> Scales(Func<string, NumericArray> constant);

    /// <summary>One product with a matrix [columns, rows].</summary>
    /// <param name="name">Of the constant, with its prefix.</param>
    /// <param name="scales">Of the rows, in int8.</param>
    protected static string Product(GraphWriter graph, string x, string name, int rows, int columns, Func<float[]> floats, Func<sbyte[]> bytes, Func<float[]> scales)
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
    /// <inheritdoc cref="Product"/>
    protected static string Floats(GraphWriter graph, string name, int rows, int columns, Func<float[]> floats, Func<sbyte[]> bytes, Func<float[]> scales) => graph.Precision == Precision.Fp32
        ? graph.Floats(name, [rows, columns], floats)
        : graph.Root.Node(
            "Mul",
            [graph.Root.Node("Cast", [graph.Bytes(name, [rows, columns], bytes)], GraphWriter.Attribute("to", 1)), graph.Floats(TensorSpec.ScaleName(name), [rows, 1], scales)]);

    /// <summary>A constant is a matrix of this shape.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    protected static T[] Matrix<T>(NumericArray constant, int rows, int columns) => constant.Shape is [var height, var width] && height == rows && width == columns && constant.Data is T[] elements
        ? elements
        : throw new InvalidOperationException($"A constant is {constant.ShapeText} of {constant.Data.GetType().GetElementType()!.Name}, but [{rows}, {columns}] of {typeof(T).Name} is expected.");

    /// <summary>The scales of a constant's rows.</summary>
    protected static float[] Scale(Func<string, NumericArray> constant, string name) => constant(TensorSpec.ScaleName(name)).ToFloats();

    /// <summary>Rows of a tensor as floats and as bytes, turned; and their scales.</summary>
    protected static (Func<float[]> Floats, Func<sbyte[]> Bytes, Func<float[]> Scales) Turned(Func<string, Tensor> tensor, string name, int firstRow, int rows, int columns) => (
        () => GraphWriter.Transposed(tensor(name).Floats.Slice(firstRow * columns, rows * columns), rows, columns),
        () => GraphWriter.Transposed(tensor(name).Bytes.Slice(firstRow * columns, rows * columns), rows, columns),
        () => tensor(TensorSpec.ScaleName(name)).Floats.Slice(firstRow, rows).ToArray());

    /// <summary>The same as they stand.</summary>
    protected static (Func<float[]> Floats, Func<sbyte[]> Bytes, Func<float[]> Scales) Plain(Func<string, Tensor> tensor, string name, int firstRow, int rows, int columns) => (
        () => tensor(name).Floats.Slice(firstRow * columns, rows * columns).ToArray(),
        () => tensor(name).Bytes.Slice(firstRow * columns, rows * columns).ToArray(),
        () => tensor(TensorSpec.ScaleName(name)).Floats.Slice(firstRow, rows).ToArray());
}
