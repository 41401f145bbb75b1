using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// W = U V, as z = V x for all gates in one product, then y_g = initial + U_g z_g for each gate, or y = initial + U z for all of
/// them where they share V.
/// </summary>
internal sealed unsafe class LmfMatrix<V> : WeightMatrix
    where V : unmanaged, IVector<V>
{
    private readonly Panels<V> inner;
    private readonly Panels<V>[] outer;
    private readonly Aligned<float> zeros;
    private readonly int rank;
    private readonly int outerRows;
    private readonly int innerStride;

    /// <param name="u">[gates * rows, d]</param>
    /// <param name="v">[gates * d, columns], or [d, columns] when shared.</param>
    public LmfMatrix(LmfStructure structure, ReadOnlySpan<float> u, ReadOnlySpan<float> v)
        : base(structure.Gates * structure.Rows, structure.Columns)
    {
        var parts = structure.Shared ? 1 : structure.Gates;
        rank = structure.Rank;
        outerRows = Rows / parts;
        innerStride = Padded(parts * rank);
        inner = new Panels<V>(parts * rank, Columns, v);
        outer = new Panels<V>[parts];
        for (var part = 0; part < parts; part++)
        {
            outer[part] = new Panels<V>(outerRows, rank, u.Slice(part * outerRows * rank, outerRows * rank));
        }

        zeros = new Aligned<float>(innerStride);
    }

    public override long ResidentBytes => inner.ResidentBytes + outer.Sum(panels => panels.ResidentBytes) + zeros.Bytes;

    public override int ScratchFloats(int steps) => innerStride * steps;

    public override void Multiply(float* x, float* initial, float* y, float* scratch)
    {
        inner.Multiply(x, zeros.Pointer, scratch);
        for (var part = 0; part < outer.Length; part++)
        {
            outer[part].Multiply(scratch + (part * rank), initial + (part * outerRows), y + (part * outerRows));
        }
    }

    public override void MultiplyMany(float* x, int steps, float* initial, float* y, float* scratch)
    {
        inner.MultiplyMany(x, Columns, steps, zeros.Pointer, scratch, innerStride);
        for (var part = 0; part < outer.Length; part++)
        {
            outer[part].MultiplyMany(scratch + (part * rank), innerStride, steps, initial + (part * outerRows), y + (part * outerRows), Padded(Rows));
        }
    }
}
