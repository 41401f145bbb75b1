using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.Kronecker;

/// <summary>
/// Of each gate, y[i1] = sum over j1 of B[i1, j1] (C x[j1]), where x[j1] and y[i1] are segments of n2 inputs and m2 outputs:
/// C times all segments of x as one product with many vectors, then sums of vectors by the weights in B.
/// </summary>
internal sealed unsafe class KroneckerMatrix<V> : GatewiseMatrix<V>
    where V : unmanaged, IVector<V>
{
    private readonly KroneckerStructure structure;
    private readonly WeightMatrix[] inner;
    private readonly Aligned<float> outer;
    private readonly Aligned<float> zeros;
    private readonly int innerStride;
    private readonly int xFloats;

    /// <param name="b">[gates, m1, n1]</param>
    /// <param name="c">Gives C of a gate, [m2, n2], as a matrix of one gate.</param>
    public KroneckerMatrix(KroneckerStructure structure, ReadOnlySpan<float> b, Func<int, WeightMatrix> c)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        this.structure = structure;
        innerStride = Padded(structure.InnerRows);
        xFloats = structure.OuterColumns * structure.InnerColumns;
        zeros = new Aligned<float>(innerStride);
        outer = new Aligned<float>(b.Length);
        b.CopyTo(outer.Span);
        inner = [.. Enumerable.Range(0, structure.Gates).Select(c)];
    }

    public override long ResidentBytes => inner.Sum(matrix => matrix.ResidentBytes) + outer.Bytes + zeros.Bytes;

    // x with zeros behind it where it is shorter than its segments; C x[j1] for all j1; all y[i1], which may be longer than the gate;
    // what C needs.
    protected override int ProductScratchFloats(int steps) =>
        checked(xFloats + (int)structure.IntermediateFloats + inner[0].ScratchFloats(structure.OuterColumns));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        var (outerRows, outerColumns, rows) = (structure.OuterRows, structure.OuterColumns, structure.InnerRows);
        if (xFloats > Columns)
        {
            new ReadOnlySpan<float>(x, Columns).CopyTo(new Span<float>(scratch, xFloats));
            new Span<float>(scratch + Columns, xFloats - Columns).Clear();
            x = scratch;
        }

        var segments = scratch + xFloats;
        var sum = segments + ((long)outerColumns * innerStride);
        var weight = outer.Pointer;
        for (var gate = 0; gate < inner.Length; gate++)
        {
            inner[gate].MultiplyMany(x, outerColumns, zeros.Pointer, 0, segments, sum + innerStride);
            for (var outerRow = 0; outerRow < outerRows; outerRow++)
            {
                Combine(weight, outerColumns, segments, rows, sum);
                var first = outerRow * rows;
                var left = Math.Min(rows, Order.Units - first);
                if (left > 0)
                {
                    new ReadOnlySpan<float>(sum, left).CopyTo(new Span<float>(products + ((long)gate * GateFloats) + first, left));
                }

                weight += outerColumns;
            }
        }
    }

    /// <summary>sum = sum over j of weights[j] segments[j]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(float* weights, int count, float* segments, int rows, float* sum)
    {
        for (var row = 0; row < rows; row += V.Lanes)
        {
            var even = V.Broadcast(0);
            var odd = even;
            var segment = segments + row;
            var index = 0;
            for (; index <= count - 2; index += 2)
            {
                even = V.MultiplyAdd(V.Broadcast(weights[index]), V.Load(segment), even);
                odd = V.MultiplyAdd(V.Broadcast(weights[index + 1]), V.Load(segment + innerStride), odd);
                segment += 2 * innerStride;
            }

            if (index < count)
            {
                even = V.MultiplyAdd(V.Broadcast(weights[index]), V.Load(segment), even);
            }

            (even + odd).Store(sum + row);
        }
    }
}
