namespace Fleet.Kernels.Structures.Products;

/// <summary>A matrix that a product multiplies with, and where its elements are stored.</summary>
/// <param name="Name">Within the weight matrix; one for each factor.</param>
/// <param name="Tensor">The stored tensor that holds its elements.</param>
public sealed record MatrixFactor(string Name, string Tensor, int Rows, int Columns)
{
    /// <summary>Zero, whatever is stored.</summary>
    public const int Zero = -1;

    /// <summary>Of a row and a column, the element of the stored tensor, or <see cref="Zero"/>.</summary>
    public required Func<int, int, int> Element { get; init; }

    /// <summary>Of a row, its scale among those that the tensor has in int8.</summary>
    public required Func<int, int> Scale { get; init; }

    /// <summary>Rows of a stored tensor as they stand.</summary>
    /// <param name="firstRow">Of the tensor, whose last extent is <paramref name="columns"/>.</param>
    public static MatrixFactor Stored(string name, string tensor, int firstRow, int rows, int columns) => new(name, tensor, rows, columns)
    {
        Element = (row, column) => ((firstRow + row) * columns) + column,
        Scale = row => firstRow + row,
    };

    /// <summary>A whole stored tensor of matrix form.</summary>
    public static MatrixFactor Stored(string tensor, int rows, int columns) => Stored(tensor, tensor, 0, rows, columns);
}
