using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.Pruned;

/// <summary>
/// Sparse rows in slices of as many rows as a vector has lanes, rows of like length together: see <see cref="PrunedMatrix{W, V}"/>.
/// </summary>
internal sealed class SparseSlices<T>
    where T : unmanaged
{
    /// <param name="weights">[nnz], row by row.</param>
    /// <param name="columnIndices">[nnz]</param>
    /// <param name="offsets">[rows + 1]</param>
    /// <param name="gateFloats">From where one gate's results begin to where the next one's do.</param>
    public SparseSlices(UnitOrder order, int gateFloats, int lanes, ReadOnlySpan<T> weights, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets)
    {
        var lengths = new int[order.Gates * order.Units];
        for (var row = 0; row < lengths.Length; row++)
        {
            lengths[row] = (int)(offsets[row + 1] - offsets[row]);
        }

        Rows = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(row => lengths[row]).ThenBy(row => row)];
        Lengths = [.. Rows.Chunk(lanes).Select(slice => lengths[slice[0]])];
        Targets = new Aligned<int>(Lengths.Length * lanes);
        // The last slice's missing rows go into the padding behind the first gate.
        Targets.Span.Fill(order.Units);
        for (var place = 0; place < Rows.Length; place++)
        {
            Targets.Span[place] = (Rows[place] / order.Units * gateFloats) + (Rows[place] % order.Units);
        }

        var stored = checked(Lengths.Sum() * lanes);
        Values = new Aligned<T>(stored);
        Columns = new Aligned<ushort>(stored);
        var start = 0;
        for (var place = 0; place < Rows.Length; place++)
        {
            var (slice, lane) = (place / lanes, place % lanes);
            var (first, length) = ((int)offsets[Rows[place]], lengths[Rows[place]]);
            for (var index = 0; index < length; index++)
            {
                var target = start + (index * lanes) + lane;
                Values.Span[target] = weights[first + index];
                Columns.Span[target] = columnIndices[first + index];
            }

            // Zero times NaN is NaN: padding reads a feature that the row reads anyway. A row without weights has none, and where longer
            // rows share its slice it reads feature 0.
            for (var index = length; length > 0 && index < Lengths[slice]; index++)
            {
                Columns.Span[start + (index * lanes) + lane] = columnIndices[first + length - 1];
            }

            start += lane == lanes - 1 ? Lengths[slice] * lanes : 0;
        }
    }

    /// <summary>The rows in the order of the slices.</summary>
    public int[] Rows { get; }

    /// <summary>Weights of each slice's longest row.</summary>
    public int[] Lengths { get; }

    /// <summary>Where each row's result goes, in the order of the slices.</summary>
    public Aligned<int> Targets { get; }

    public Aligned<T> Values { get; }

    public Aligned<ushort> Columns { get; }

    public long ResidentBytes => Values.Bytes + Columns.Bytes + Targets.Bytes + (sizeof(int) * ((long)Lengths.Length + Rows.Length));
}
