using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Fleet.Training.Matrices;

/// <summary>
/// Singular value decomposition, M = sum_i s_i u_i v_i', of which any first few terms are the best approximation of that rank
/// (Eckart and Young 1936): what they leave out has the squared Frobenius norm sum of s_i^2 over the others.
/// </summary>
internal sealed class Decomposition
{
    private readonly double[] values;
    private readonly Matrix<double> left;
    private readonly Matrix<double> right;

    private Decomposition(double[] values, Matrix<double> left, Matrix<double> right)
    {
        this.values = values;
        this.left = left;
        this.right = right;
    }

    /// <summary>min(rows, columns), from the greatest down.</summary>
    public IReadOnlyList<double> Values => values;

    /// <param name="matrix">[rows, columns]</param>
    /// <exception cref="ArgumentException">A weight is NaN.</exception>
    public static Decomposition Of(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        foreach (var value in matrix)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"A weight is {value}: such a matrix cannot be decomposed.");
            }
        }

        var whole = Matrix<double>.Build.DenseOfRowMajor(rows, columns, matrix.ToArray());
        // Of a matrix longer than wide, M = Q R first: R is small, and only the columns of U that count are computed.
        return rows >= columns ? Tall(whole) : Tall(whole.Transpose()).Transposed();
    }

    /// <summary>u_i of all rows, sqrt(s_i) times.</summary>
    public double Left(int row, int term) => left[row, term] * Math.Sqrt(values[term]);

    /// <summary>v_i of all columns, sqrt(s_i) times.</summary>
    public double Right(int column, int term) => right[column, term] * Math.Sqrt(values[term]);

    private static Decomposition Tall(Matrix<double> matrix)
    {
        var qr = matrix.QR(QRMethod.Thin);
        var svd = qr.R.Svd();
        return new Decomposition(svd.S.ToArray(), qr.Q * svd.U, svd.VT.Transpose());
    }

    private Decomposition Transposed() => new(values, right, left);
}
