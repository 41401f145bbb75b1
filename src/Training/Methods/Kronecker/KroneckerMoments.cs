using Fleet.Kernels.Methods.Kronecker;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.Kronecker;

/// <summary>The second moments of what the factors of a Kronecker product are multiplied with, from those of x.</summary>
internal static class KroneckerMoments
{
    /// <summary>Of a row of c: the segments of x, one after the other.</summary>
    public static SecondMoments Segments(KroneckerStructure kronecker, SecondMoments x) => SecondMoments.Of(kronecker.InnerColumns, (row, column) =>
    {
        var sum = 0.0;
        for (var segment = 0; segment < kronecker.OuterColumns; segment++)
        {
            sum += At(kronecker, x, segment, row, segment, column);
        }

        return sum;
    });

    /// <summary>Of a row of b: t[i2, j1] = sum of C[i2, j2] x[j1, j2], over all i2.</summary>
    public static SecondMoments Combined(KroneckerStructure kronecker, int gate, float[] c, SecondMoments x)
    {
        var (rows, columns) = (kronecker.InnerRows, kronecker.InnerColumns);
        // C'C of the gate: the sum over i2 is the same for every pair of segments.
        var squares = new double[columns, columns];
        for (var row = 0; row < rows; row++)
        {
            var own = c.AsSpan(((gate * rows) + row) * columns, columns);
            for (var left = 0; left < columns; left++)
            {
                for (var right = 0; right < columns; right++)
                {
                    squares[left, right] += (double)own[left] * own[right];
                }
            }
        }

        return SecondMoments.Of(kronecker.OuterColumns, (first, second) =>
        {
            var sum = 0.0;
            for (var left = 0; left < columns; left++)
            {
                for (var right = 0; right < columns; right++)
                {
                    sum += squares[left, right] * At(kronecker, x, first, left, second, right);
                }
            }

            return sum;
        });
    }

    // Columns beyond the matrix are zero.
    private static double At(KroneckerStructure kronecker, SecondMoments x, int first, int left, int second, int right)
    {
        var (row, column) = ((first * kronecker.InnerColumns) + left, (second * kronecker.InnerColumns) + right);
        return row < x.Columns && column < x.Columns ? x[row, column] : 0;
    }
}
