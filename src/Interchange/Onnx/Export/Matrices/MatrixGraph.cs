using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>
/// A weight matrix as the nodes that multiply with it, and back: how a structure looks in ONNX. Operands have their features on the
/// last axis, so weights stand transposed: MatMul(x, W').
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
    /// <param name="x">Name of the operand, [..., columns].</param>
    /// <param name="prefix">What the constants' names begin with.</param>
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    /// <returns>Name of the product, [..., gates * rows].</returns>
    public abstract string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor);

    /// <summary>The elements of each of the structure's tensors, from the constants that <see cref="Multiply"/> writes.</summary>
    /// <param name="constant">Gives a constant by its name behind the prefix.</param>
    /// <returns>By name within the matrix.</returns>
    public abstract IReadOnlyDictionary<string, Array> Restore(Func<string, NumericArray> constant);

    /// <summary>A constant is a matrix of this shape.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    protected static float[] Matrix(NumericArray constant, int rows, int columns) => constant.Shape is [var height, var width] && height == rows && width == columns && constant.Data is float[] elements
        ? elements
        : throw new InvalidOperationException($"A constant is {constant.ShapeText}, but [{rows}, {columns}] is expected.");
}
