using System.Numerics;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Training.Matrices;

/// <summary>
/// A dense matrix of which ever fewer weights are kept, those of greatest magnitude over all gates together (Zhu and Gupta 2017).
/// A weight that was dropped is zero and stays so.
/// </summary>
internal sealed unsafe class PrunedMatrix<T>(PrunedStructure structure) : DenseMatrix<T>(structure)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool[] kept = Enumerable.Repeat(true, structure.Gates * structure.Rows * structure.Columns).ToArray();

    /// <summary>Weights that are left in the end.</summary>
    public int Target => structure.NonZeros;

    /// <summary>Which weights are kept.</summary>
    public ReadOnlySpan<bool> Kept => kept;

    public int KeptCount => kept.Count(keep => keep);

    /// <summary>Drops the smallest weights until <paramref name="count"/> are left; of equals the first is dropped. Dropped ones are set to zero.</summary>
    /// <exception cref="ArgumentException">A weight is not a number: there is no order.</exception>
    public void KeepLargest(Span<T> weights, int count)
    {
        var order = new List<(T Magnitude, int Index)>();
        for (var index = 0; index < kept.Length; index++)
        {
            if (kept[index])
            {
                order.Add(T.IsFinite(weights[index])
                    ? (T.Abs(weights[index]), index)
                    : throw new ArgumentException($"Weight {index} is {weights[index]}."));
            }
        }

        order.Sort();
        foreach (var (_, index) in order.Take(Math.Max(0, order.Count - count)))
        {
            kept[index] = false;
            weights[index] = T.Zero;
        }
    }

    /// <summary>Takes a mask that was kept elsewhere.</summary>
    public void Restore(ReadOnlySpan<bool> mask) => mask.CopyTo(kept);

    /// <summary>Zeroes what belongs to dropped weights: gradients, moments.</summary>
    public void Mask(T* values)
    {
        for (var index = 0; index < kept.Length; index++)
        {
            if (!kept[index])
            {
                values[index] = T.Zero;
            }
        }
    }

    /// <summary>Compressed sparse rows.</summary>
    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters)
    {
        var values = new List<float>(Target);
        var columns = new List<ushort>(Target);
        var offsets = new uint[(Gates * Rows) + 1];
        for (var row = 0; row < Gates * Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var index = (row * Columns) + column;
                if (kept[index])
                {
                    values.Add(parameters[index]);
                    columns.Add((ushort)column);
                }
            }

            offsets[row + 1] = (uint)values.Count;
        }

        return
        [
            new Tensor(prefix + "values", [values.Count], values.ToArray()),
            new Tensor(prefix + "columns", [columns.Count], columns.ToArray()),
            new Tensor(prefix + "row_offsets", [offsets.Length], offsets),
        ];
    }
}
