using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Structures;

/// <summary>A structure's product worked out in double. A value is its rows: one for a vector, several for a matrix.</summary>
internal sealed class ProductInDouble(Func<string, Tensor> tensor) : IProductOperations<double[][]>
{
    public double[][] Multiply(double[][] x, MatrixFactor factor) => [.. x.Select(row => Times(Elements(factor), row))];

    public double[][] Multiply(double[][] x, SparseFactor factor)
    {
        var (values, indices, offsets) =
            (tensor(SparseFactor.Values).Data, tensor(SparseFactor.Indices).Words16.ToArray(), tensor(SparseFactor.Offsets).Words32.ToArray());
        var full = new double[factor.Rows, factor.Columns];
        for (var stack = 0; stack < factor.Stacks; stack++)
        {
            for (var entry = offsets[stack]; entry < offsets[stack + 1]; entry++)
            {
                for (var row = 0; row < factor.Height; row++)
                {
                    full[(stack * factor.Height) + row, indices[entry]] = ((float[])values)[(entry * factor.Height) + row];
                }
            }
        }

        return [.. x.Select(row => Times(full, row))];
    }

    public double[][] Combine(double[][] s, MatrixFactor factor)
    {
        var elements = Elements(factor);
        return [.. s.Select(row =>
            Enumerable.Range(0, factor.Columns)
                .Select(column => Enumerable.Range(0, factor.Rows).Sum(place => row[place] * elements[place, column])).ToArray())];
    }

    public double[][] MultiplyRows(MatrixFactor factor, double[][] matrix)
    {
        var elements = Elements(factor);
        return [.. Enumerable.Range(0, factor.Rows).Select(row =>
            Enumerable.Range(0, matrix[0].Length)
                .Select(column => Enumerable.Range(0, factor.Columns).Sum(place => elements[row, place] * matrix[place][column])).ToArray())];
    }

    public double[][] Add(double[][] left, double[][] right) => [.. left.Zip(right, (one, other) => one.Zip(other, (a, b) => a + b).ToArray())];

    public IReadOnlyList<double[][]> Split(double[][] value, int parts)
    {
        var count = value[0].Length / parts;
        return [.. Enumerable.Range(0, parts).Select(part => Slice(value, part * count, count))];
    }

    public double[][] Concat(IReadOnlyList<double[][]> values) => [.. values[0].Select((_, row) => values.SelectMany(value => value[row]).ToArray())];

    public double[][] Slice(double[][] value, int start, int count) => [.. value.Select(row => row[start..(start + count)])];

    public double[][] Fold(double[][] x, int length, int rows, int columns)
    {
        Assert.Equal(length, x.Single().Length);
        return [.. Enumerable.Range(0, rows)
            .Select(row => Enumerable.Range(row * columns, columns).Select(place => place < length ? x[0][place] : 0).ToArray())];
    }

    public double[][] Unfold(double[][] matrix, int rows, int columns, int length)
    {
        Assert.Equal((rows, columns), (matrix.Length, matrix[0].Length));
        return [matrix.SelectMany(row => row).Take(length).ToArray()];
    }

    public double[][] Join(IReadOnlyList<double[][]> unfolded, double[][] x, int length)
    {
        var joined = Concat(unfolded);
        Assert.Equal(length, joined.Single().Length);
        return joined;
    }

    private double[,] Elements(MatrixFactor factor)
    {
        var stored = tensor(factor.Tensor).Floats;
        var elements = new double[factor.Rows, factor.Columns];
        for (var row = 0; row < factor.Rows; row++)
        {
            for (var column = 0; column < factor.Columns; column++)
            {
                elements[row, column] = factor.Element(row, column) is not MatrixFactor.Zero and var element ? stored[element] : 0;
            }
        }

        return elements;
    }

    private static double[] Times(double[,] matrix, double[] x)
    {
        Assert.Equal(matrix.GetLength(1), x.Length);
        return Runtime.ReferenceMatrix.Product(matrix, x);
    }
}
