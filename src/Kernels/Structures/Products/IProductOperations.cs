namespace Fleet.Kernels.Structures.Products;

/// <summary>
/// What products y = W x are put together from. A structure says its product once, in these, with <see cref="MatrixStructure.Product"/>;
/// whoever gives them a meaning has it for every structure: nodes of a graph, the constants of such a graph read back, a sum in double.
/// </summary>
/// <typeparam name="T">Stands for a value: vectors on the last axis, any number of them on the axes before it.</typeparam>
public interface IProductOperations<T>
{
    /// <summary>F x. In int8 x is quantised, vector by vector, and the sums are of integers.</summary>
    T Multiply(T x, MatrixFactor factor);

    /// <inheritdoc cref="Multiply(T, MatrixFactor)"/>
    T Multiply(T x, SparseFactor factor);

    /// <summary>s F: the factor's rows, each times one of the values s, summed up. In floats, in int8 too: F is then what its bytes stand for.</summary>
    T Combine(T s, MatrixFactor factor);

    /// <summary>F X, with a matrix X that <see cref="Fold"/> or a product with one gave. In floats, as <see cref="Combine"/>.</summary>
    T MultiplyRows(MatrixFactor factor, T matrix);

    T Add(T left, T right);

    /// <summary>Equal parts of each vector.</summary>
    IReadOnlyList<T> Split(T value, int parts);

    /// <summary>Vectors one behind the other.</summary>
    T Concat(IReadOnlyList<T> values);

    /// <summary>A segment of each vector.</summary>
    T Slice(T value, int start, int count);

    /// <summary>Each vector of <paramref name="length"/> as a matrix, row by row, filled up with zeros.</summary>
    T Fold(T x, int length, int rows, int columns);

    /// <summary>Each matrix as a vector, row by row, of which the first <paramref name="length"/> are kept.</summary>
    T Unfold(T matrix, int rows, int columns, int length);

    /// <summary>What <see cref="Unfold"/> gave one behind the other, on the axes that <paramref name="x"/> had before it was folded.</summary>
    /// <param name="length">Of each vector of the result.</param>
    T Join(IReadOnlyList<T> unfolded, T x, int length);
}
