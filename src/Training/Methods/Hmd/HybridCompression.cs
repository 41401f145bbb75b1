using Fleet.Kernels.Methods.Hmd;
using Fleet.Training.Matrices;

namespace Fleet.Training.Methods.Hmd;

/// <summary>Hybrid form of a dense matrix: rich rows as they are, each block of the lower rows by its best approximation of rank 1.</summary>
internal static class HybridCompression
{
    /// <param name="dense">[gates * rows, columns], the units that are to be rich first in each gate.</param>
    /// <returns>rich[gates * r, columns], b[gates, k, rows - r], c[gates, columns].</returns>
    public static double[] Compress(HmdStructure hmd, ReadOnlySpan<double> dense)
    {
        var (rich, blocks, columns) = (hmd.Rich, hmd.Blocks, hmd.Columns);
        var lower = hmd.Rows - rich;
        var parameters = new double[hmd.Parameters];
        var bStart = hmd.Gates * rich * columns;
        var cStart = bStart + (hmd.Gates * blocks * lower);
        for (var gate = 0; gate < hmd.Gates; gate++)
        {
            var own = dense.Slice(gate * hmd.Rows * columns, hmd.Rows * columns);
            own[..(rich * columns)].CopyTo(parameters.AsSpan(gate * rich * columns));
            for (var block = 0; block < blocks; block++)
            {
                var (start, end) = (HmdStructure.BlockStart(columns, blocks, block), HmdStructure.BlockStart(columns, blocks, block + 1));
                var decomposed = Decomposition.Of(Block(own, columns, rich, start, end), lower, end - start);
                for (var row = 0; row < lower; row++)
                {
                    parameters[bStart + (((gate * blocks) + block) * lower) + row] = decomposed.Left(row, 0);
                }

                for (var column = start; column < end; column++)
                {
                    parameters[cStart + (gate * columns) + column] = decomposed.Right(column - start, 0);
                }
            }
        }

        return parameters;
    }

    /// <summary>Squared Frobenius norm of what that form leaves out.</summary>
    public static double Loss(HmdStructure hmd, ReadOnlySpan<double> dense)
    {
        var loss = 0.0;
        for (var gate = 0; gate < hmd.Gates; gate++)
        {
            var own = dense.Slice(gate * hmd.Rows * hmd.Columns, hmd.Rows * hmd.Columns);
            for (var block = 0; block < hmd.Blocks; block++)
            {
                var start = HmdStructure.BlockStart(hmd.Columns, hmd.Blocks, block);
                var end = HmdStructure.BlockStart(hmd.Columns, hmd.Blocks, block + 1);
                var decomposed = Decomposition.Of(Block(own, hmd.Columns, hmd.Rich, start, end), hmd.Rows - hmd.Rich, end - start);
                loss += decomposed.Values.Skip(1).Sum(value => value * value);
            }
        }

        return loss;
    }

    // Rows from one on, columns from start to end.
    private static double[] Block(ReadOnlySpan<double> matrix, int columns, int firstRow, int start, int end)
    {
        var rows = (matrix.Length / columns) - firstRow;
        var block = new double[rows * (end - start)];
        for (var row = 0; row < rows; row++)
        {
            matrix.Slice(((firstRow + row) * columns) + start, end - start).CopyTo(block.AsSpan(row * (end - start)));
        }

        return block;
    }
}
