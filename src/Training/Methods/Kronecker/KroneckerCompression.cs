using Fleet.Kernels.Methods.Kronecker;
using Fleet.Training.Matrices;

namespace Fleet.Training.Methods.Kronecker;

/// <summary>
/// The nearest Kronecker product: W[i1 m2 + i2, j1 n2 + j2] rearranged to R[(i1, j1), (i2, j2)] turns B kron C into the outer
/// product of their weights, so the best approximation of rank 1 of R has the factors.
/// </summary>
/// <remarks>Source: Van Loan and Pitsianis 1993.</remarks>
internal static class KroneckerCompression
{
    // Where the product is cut, that many improvements of each factor; they settle long before.
    private const int Improvements = 30;

    /// <param name="dense">[gates * rows, columns]</param>
    /// <returns>b[gates, m1, n1], c[gates, m2, n2].</returns>
    public static double[] Compress(KroneckerStructure structure, ReadOnlySpan<double> dense)
    {
        var size = structure.Rows * structure.Columns;
        var (outer, inner) = (structure.OuterRows * structure.OuterColumns, structure.InnerRows * structure.InnerColumns);
        var parameters = new double[structure.Parameters];
        for (var gate = 0; gate < structure.Gates; gate++)
        {
            var b = parameters.AsSpan(gate * outer, outer);
            var c = parameters.AsSpan((structure.Gates * outer) + (gate * inner), inner);
            Nearest(structure, dense.Slice(gate * size, size), b, c);
        }

        return parameters;
    }

    /// <summary>dense -= B kron C, for all gates.</summary>
    /// <param name="parameters">As <see cref="Compress"/> returns them.</param>
    public static void Subtract(KroneckerStructure structure, ReadOnlySpan<double> parameters, Span<double> dense)
    {
        var size = structure.Rows * structure.Columns;
        var (outer, inner) = (structure.OuterRows * structure.OuterColumns, structure.InnerRows * structure.InnerColumns);
        for (var index = 0; index < dense.Length; index++)
        {
            var gate = index / size;
            var (use, place) = Places(structure, index % size);
            dense[index] -= parameters[(gate * outer) + use] * parameters[(structure.Gates * outer) + (gate * inner) + place];
        }
    }

    private static void Nearest(KroneckerStructure structure, ReadOnlySpan<double> dense, Span<double> b, Span<double> c)
    {
        // Places beyond the matrix are zero in R.
        var rearranged = new double[b.Length * c.Length];
        for (var index = 0; index < dense.Length; index++)
        {
            var (use, place) = Places(structure, index);
            rearranged[(use * c.Length) + place] = dense[index];
        }

        var decomposed = Decomposition.Of(rearranged, b.Length, c.Length);
        for (var use = 0; use < b.Length; use++)
        {
            b[use] = decomposed.Left(use, 0);
        }

        for (var place = 0; place < c.Length; place++)
        {
            c[place] = decomposed.Right(place, 0);
        }

        if (rearranged.Length > dense.Length)
        {
            // What lies beyond the matrix need not be zero: each factor in turn is the best for the other where there is a weight.
            for (var round = 0; round < Improvements; round++)
            {
                Improve(structure, dense, b, c, ofOuter: true);
                Improve(structure, dense, c, b, ofOuter: false);
            }
        }
    }

    // Least squares: factor = sum w other / sum other^2 over the weights that it has a part in.
    private static void Improve(KroneckerStructure structure, ReadOnlySpan<double> dense, Span<double> factor, ReadOnlySpan<double> other, bool ofOuter)
    {
        var products = new double[factor.Length];
        var squares = new double[factor.Length];
        for (var index = 0; index < dense.Length; index++)
        {
            var (use, place) = Places(structure, index);
            var (own, with) = ofOuter ? (use, other[place]) : (place, other[use]);
            products[own] += dense[index] * with;
            squares[own] += with * with;
        }

        for (var own = 0; own < factor.Length; own++)
        {
            // Where the other factor is zero all over, nothing is better than what stands.
            factor[own] = squares[own] > 0 ? products[own] / squares[own] : factor[own];
        }
    }

    // Which weight of B and which of C make up a weight of one gate.
    private static (int Use, int Place) Places(KroneckerStructure structure, int index)
    {
        var (row, column) = (index / structure.Columns, index % structure.Columns);
        return (
            (row / structure.InnerRows * structure.OuterColumns) + (column / structure.InnerColumns),
            (row % structure.InnerRows * structure.InnerColumns) + (column % structure.InnerColumns));
    }
}
