using Fleet.Kernels.Methods.Hmd;
using Fleet.Training.Methods.Hmd;

namespace Fleet.Training.Compression;

/// <summary>A dense matrix of a cell that is to take the hybrid form.</summary>
/// <param name="Weights">[gates * rows, columns]</param>
/// <param name="ReadsState">Its columns are the hidden units, so they move with the rows.</param>
internal sealed record HybridCandidate(HmdStructure Structure, double[] Weights, bool ReadsState);

/// <summary>
/// Chooses which hidden units of a trained cell stay rich in the hybrid form: one order of the units for all its gates and
/// matrices, the rich ones first, by which the rank-1 blocks of the others lose little.
/// </summary>
internal static class RichUnits
{
    // The blocks' columns depend on the order, and the order on the blocks.
    private const int Rounds = 4;

    // The blocks' directions change little from one choice to the next.
    private const int Refinements = 3;

    /// <summary>The order: which unit comes at each place. Never worse than leaving them where they are.</summary>
    public static int[] Order(IReadOnlyList<HybridCandidate> matrices)
    {
        var units = matrices[0].Structure.Rows;
        int[] best = [.. Enumerable.Range(0, units)];
        var min = Loss(matrices, best);
        var order = best;
        for (var round = 0; round < Rounds; round++)
        {
            order = Choose(matrices, order);
            var loss = Loss(matrices, order);
            if (loss >= min)
            {
                break;
            }

            (best, min) = (order, loss);
        }

        return best;
    }

    /// <summary>Squared Frobenius norm of what the hybrid forms of all matrices leave out with the units in this order.</summary>
    public static double Loss(IReadOnlyList<HybridCandidate> matrices, int[] order) =>
        matrices.Sum(matrix => HybridCompression.Loss(matrix.Structure, UnitPermutation.Matrix(
            matrix.Weights, matrix.Structure.Gates, matrix.Structure.Rows, matrix.Structure.Columns, order, matrix.ReadsState ? order : null)));

    // Greedily: the unit that the blocks miss by most becomes rich, then the blocks are fitted to those that are left.
    private static int[] Choose(IReadOnlyList<HybridCandidate> matrices, int[] order)
    {
        var units = order.Length;
        var blocks = matrices.SelectMany(matrix => LowerBlock.Of(matrix, order)).ToArray();
        var chosen = new List<int>();
        var isLower = Enumerable.Repeat(true, units).ToArray();
        foreach (var block in blocks)
        {
            block.Begin();
        }

        var max = matrices.Max(matrix => matrix.Structure.Rich);
        while (chosen.Count < max)
        {
            var missed = new double[units];
            foreach (var block in blocks.Where(block => chosen.Count < block.Rich))
            {
                block.Refine(isLower, Refinements);
                block.AddMissed(isLower, missed);
            }

            var next = Enumerable.Range(0, units).Where(unit => isLower[unit]).MaxBy(unit => missed[unit]);
            isLower[next] = false;
            chosen.Add(next);
        }

        return [.. chosen, .. Enumerable.Range(0, units).Where(unit => isLower[unit])];
    }

    /// <summary>One block of columns of one gate, and the direction in the columns' space that its lower rows follow best.</summary>
    /// <param name="rows">[units, width]</param>
    private sealed class LowerBlock(double[] rows, int width, int rich)
    {
        private readonly double[] direction = new double[width];

        public int Rich => rich;

        public static IEnumerable<LowerBlock> Of(HybridCandidate matrix, int[] order)
        {
            var hmd = matrix.Structure;
            for (var gate = 0; gate < hmd.Gates; gate++)
            {
                for (var block = 0; block < hmd.Blocks; block++)
                {
                    var start = HmdStructure.BlockStart(hmd.Columns, hmd.Blocks, block);
                    var width = HmdStructure.BlockStart(hmd.Columns, hmd.Blocks, block + 1) - start;
                    var rows = new double[hmd.Rows * width];
                    for (var index = 0; index < rows.Length; index++)
                    {
                        var column = start + (index % width);
                        rows[index] = matrix.Weights[(((gate * hmd.Rows) + (index / width)) * hmd.Columns) + (matrix.ReadsState ? order[column] : column)];
                    }

                    yield return new LowerBlock(rows, width, hmd.Rich);
                }
            }
        }

        // From the longest row, which no direction that matters is at right angles to.
        public void Begin()
        {
            var longest = Enumerable.Range(0, rows.Length / width).MaxBy(unit => Dot(Row(unit), Row(unit)));
            Row(longest).CopyTo(direction);
            Normalise(direction);
        }

        // Power iteration: v becomes W' W v, of length 1.
        public void Refine(bool[] isLower, int times)
        {
            var next = new double[width];
            for (var time = 0; time < times; time++)
            {
                Array.Clear(next);
                for (var unit = 0; unit < isLower.Length; unit++)
                {
                    if (isLower[unit])
                    {
                        var row = Row(unit);
                        var along = Dot(row, direction);
                        for (var column = 0; column < width; column++)
                        {
                            next[column] += along * row[column];
                        }
                    }
                }

                if (Normalise(next))
                {
                    next.CopyTo(direction, 0);
                }
            }
        }

        /// <summary>Adds of each lower unit the square of what the direction leaves of its row.</summary>
        public void AddMissed(bool[] isLower, double[] missed)
        {
            for (var unit = 0; unit < isLower.Length; unit++)
            {
                if (isLower[unit])
                {
                    var along = Dot(Row(unit), direction);
                    missed[unit] += Dot(Row(unit), Row(unit)) - (along * along);
                }
            }
        }

        private ReadOnlySpan<double> Row(int unit) => rows.AsSpan(unit * width, width);

        private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            var sum = 0.0;
            for (var index = 0; index < a.Length; index++)
            {
                sum += a[index] * b[index];
            }

            return sum;
        }

        private static bool Normalise(double[] vector)
        {
            var length = Math.Sqrt(Dot(vector, vector));
            for (var index = 0; length > 0 && index < vector.Length; index++)
            {
                vector[index] /= length;
            }

            return length > 0;
        }
    }
}
