using Fleet.Kernels.Structures;

namespace Fleet.Training.Compression;

/// <summary>
/// The weights of a structure that come nearest to a dense matrix, from which it is then tuned: in the order in which
/// <see cref="Matrices.TrainableMatrix{T}"/> learns them.
/// </summary>
internal static class MatrixCompression
{
    /// <param name="dense">[gates * rows, columns]</param>
    /// <returns>What is pruned on the way begins as the dense matrix itself.</returns>
    /// <exception cref="ArgumentException">A weight is not a number.</exception>
    public static double[] Compress(MatrixStructure structure, ReadOnlySpan<double> dense) => structure switch
    {
        DenseStructure or PrunedStructure or BlockSparseStructure => dense.ToArray(),
        LmfStructure lmf => LowRank(lmf, dense),
        HmdStructure hmd => HybridCompression.Compress(hmd, dense),
        KroneckerStructure kronecker => KroneckerCompression.Compress(kronecker, dense),
        DopedKroneckerStructure doped => Doped(doped, dense),
        _ => throw new NotSupportedException($"Method {structure.Method} has no way from a dense matrix."),
    };

    // Of each part that has a V of its own, U V is its best approximation of that rank; the singular values are shared out evenly.
    private static double[] LowRank(LmfStructure lmf, ReadOnlySpan<double> dense)
    {
        var (rank, columns) = (lmf.Rank, lmf.Columns);
        var parts = lmf.Shared ? 1 : lmf.Gates;
        var rows = lmf.Gates * lmf.Rows / parts;
        var parameters = new double[lmf.Parameters];
        var vStart = parts * rows * rank;
        for (var part = 0; part < parts; part++)
        {
            var decomposed = Decomposition.Of(dense.Slice(part * rows * columns, rows * columns), rows, columns);
            for (var term = 0; term < rank; term++)
            {
                for (var row = 0; row < rows; row++)
                {
                    parameters[(((part * rows) + row) * rank) + term] = decomposed.Left(row, term);
                }

                for (var column = 0; column < columns; column++)
                {
                    parameters[vStart + (((part * rank) + term) * columns) + column] = decomposed.Right(column, term);
                }
            }
        }

        return parameters;
    }

    // What the product leaves over is the sparse matrix's to begin with.
    private static double[] Doped(DopedKroneckerStructure doped, ReadOnlySpan<double> dense)
    {
        var product = KroneckerCompression.Compress(doped.Kronecker, dense);
        var rest = dense.ToArray();
        KroneckerCompression.Subtract(doped.Kronecker, product, rest);
        return [.. product, .. rest];
    }
}
