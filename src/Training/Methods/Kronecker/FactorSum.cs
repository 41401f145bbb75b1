using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Methods.Kronecker;

/// <summary>
/// The gradient of a small factor that is used several times in one product: for each gate G += sum over uses of a b', with
/// a[use][rows, samples] and b[use][columns, samples].
/// </summary>
internal sealed unsafe class FactorSum<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // What a multiplication costs in sums that are kept in memory, against one in a product's tile.
    private const int CostOfLanes = 3;

    private readonly BatchArithmetic<T> arithmetic;
    private readonly int rows;
    private readonly int columns;
    private readonly int uses;
    private readonly AlignedBuffer<T>[] sums;

    // Null where the factor would leave most of a product's tile empty: then sums are kept by lanes.
    private readonly BatchMajor<T>? bySample;
    private T* right;

    public FactorSum(BatchArithmetic<T> arithmetic, int gates, int rows, int columns, int uses)
    {
        this.arithmetic = arithmetic;
        this.rows = rows;
        this.columns = columns;
        this.uses = uses;
        var padded = (long)BatchArithmetic<T>.OuterRows(rows) * BatchMajor<T>.Padded(columns);
        var byLanes = CostOfLanes * (long)rows * columns < padded;
        bySample = byLanes ? null : new BatchMajor<T>(columns, uses);
        sums = [.. Enumerable.Range(0, gates).Select(_ => new AlignedBuffer<T>(byLanes ? (long)rows * columns * MicroBatch.Lanes : padded))];
    }

    /// <summary>Takes b of one time step, for any number of gates; it stays where it is until they are added.</summary>
    public void SetRight(T* values)
    {
        right = values;
        for (var use = 0; use < uses && bySample is not null; use++)
        {
            bySample.Set(use, values + ((long)use * columns * MicroBatch.Samples));
        }
    }

    /// <param name="left">a, with readable memory behind it as <see cref="BatchArithmetic{T}.AddOuter"/> wants.</param>
    public void Add(int gate, T* left)
    {
        if (bySample is not null)
        {
            arithmetic.AddOuter(left, rows, rows * MicroBatch.Samples, uses, bySample, sums[gate].Pointer);
            return;
        }

        var b = right;
        for (var use = 0; use < uses; use++, b += columns * MicroBatch.Samples)
        {
            for (var row = 0; row < rows; row++, left += MicroBatch.Samples)
            {
                arithmetic.AddLaneProducts(b, columns, left, sums[gate].Pointer + ((long)row * columns * MicroBatch.Lanes));
            }
        }
    }

    /// <summary>gradient[gates, rows, columns] += G, which is zero again then.</summary>
    public void Collect(T* gradient)
    {
        for (var gate = 0; gate < sums.Length; gate++)
        {
            var target = gradient + ((long)gate * rows * columns);
            if (bySample is null)
            {
                LaneSums.Collect(sums[gate], rows * columns, target);
            }
            else
            {
                OuterSums.Collect(sums[gate], rows, columns, target);
            }
        }
    }

    public void Dispose()
    {
        bySample?.Dispose();
        Array.ForEach(sums, sum => sum.Dispose());
    }
}
