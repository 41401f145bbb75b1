using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Methods.Kronecker;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>Every matrix written out in full, in double, from its definition.</summary>
internal static class ReferenceMatrix
{
    /// <summary>The matrix of all gates, stacked, from its definition.</summary>
    public static double[,] Full(MatrixStructure structure, Func<string, Tensor> tensor)
    {
        var (gates, rows, columns) = (structure.Gates, structure.Rows, structure.Columns);
        var full = new double[gates * rows, columns];
        for (var gate = 0; gate < gates; gate++)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    full[(gate * rows) + row, column] = structure switch
                    {
                        DenseStructure => tensor("weight").Floats[(((gate * rows) + row) * columns) + column],
                        HmdStructure hmd => Hmd(hmd, tensor, gate, row, column),
                        LmfStructure lmf => Lmf(lmf, tensor, gate, row, column),
                        KroneckerStructure kronecker => Kronecker(kronecker, tensor, gate, row, column),
                        DopedKroneckerStructure doped =>
                            Kronecker(doped.Kronecker, tensor, gate, row, column) + Sparse(tensor, (gate * rows) + row, column, 1, 0),
                        BlockSparseStructure sparse =>
                            Sparse(tensor, (gate * sparse.Stacks) + (row / sparse.Height), column, sparse.Height, row % sparse.Height),
                        PrunedStructure => Sparse(tensor, (gate * rows) + row, column, 1, 0),
                        _ => throw new NotSupportedException(structure.Method),
                    };
                }
            }
        }

        return full;
    }

    /// <summary>x to W x in a precision, with tensors in floats.</summary>
    public static Func<double[], double[]> Product(MatrixStructure structure, Func<string, Tensor> tensor, Precision precision)
    {
        if (precision == Precision.Int8)
        {
            return Int8Reference.Product(structure, tensor);
        }

        var full = Full(structure, tensor);
        return x => Product(full, x);
    }

    public static double[] Product(double[,] matrix, ReadOnlySpan<double> x)
    {
        var y = new double[matrix.GetLength(0)];
        for (var row = 0; row < y.Length; row++)
        {
            for (var column = 0; column < x.Length; column++)
            {
                y[row] += matrix[row, column] * x[column];
            }
        }

        return y;
    }

    private static double Hmd(HmdStructure hmd, Func<string, Tensor> tensor, int gate, int row, int column)
    {
        if (row < hmd.Rich)
        {
            return tensor("rich").Floats[(((gate * hmd.Rich) + row) * hmd.Columns) + column];
        }

        // Widths as equal as they can be, the wider ones first, counted off by hand.
        var block = 0;
        for (var left = column; ; block++)
        {
            var width = (hmd.Columns / hmd.Blocks) + (block < hmd.Columns % hmd.Blocks ? 1 : 0);
            if (left < width)
            {
                break;
            }

            left -= width;
        }

        var lower = hmd.Rows - hmd.Rich;
        return (double)tensor("b").Floats[(((gate * hmd.Blocks) + block) * lower) + row - hmd.Rich] * tensor("c").Floats[(gate * hmd.Columns) + column];
    }

    private static double Lmf(LmfStructure lmf, Func<string, Tensor> tensor, int gate, int row, int column)
    {
        var sum = 0.0;
        for (var inner = 0; inner < lmf.Rank; inner++)
        {
            var v = (((lmf.Shared ? 0 : gate * lmf.Rank) + inner) * lmf.Columns) + column;
            sum += (double)tensor("u").Floats[(((gate * lmf.Rows) + row) * lmf.Rank) + inner] * tensor("v").Floats[v];
        }

        return sum;
    }

    private static double Kronecker(KroneckerStructure kronecker, Func<string, Tensor> tensor, int gate, int row, int column)
    {
        var (m1, n1, m2, n2) = (kronecker.OuterRows, kronecker.OuterColumns, kronecker.InnerRows, kronecker.InnerColumns);
        return (double)tensor("b").Floats[(((gate * m1) + (row / m2)) * n1) + (column / n2)]
            * tensor("c").Floats[(((gate * m2) + (row % m2)) * n2) + (column % n2)];
    }

    private static double Sparse(Func<string, Tensor> tensor, int row, int column, int height, int place)
    {
        var offsets = tensor("row_offsets").Words32;
        for (var index = (int)offsets[row]; index < (int)offsets[row + 1]; index++)
        {
            if (tensor("columns").Words16[index] == column)
            {
                return tensor("values").Floats[(index * height) + place];
            }
        }

        return 0;
    }
}
