using Fleet.Kernels.Methods.Lmf;
using Fleet.Training.Matrices;

namespace Fleet.Training.Methods.Lmf;

/// <summary>
/// Low-rank form of a dense matrix: of each part that has a V of its own, U V is its best approximation of that rank; the singular
/// values are shared out evenly.
/// </summary>
internal static class LowRankCompression
{
    /// <param name="dense">[gates * rows, columns]</param>
    /// <returns>u[gates * rows, d], v[parts * d, columns].</returns>
    public static double[] Compress(LmfStructure lmf, ReadOnlySpan<double> dense)
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
}
