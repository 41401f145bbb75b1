using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.Lmf;

/// <summary>
/// W = U V, as z = V x for all gates in one product, and then y = initial + U z, a vector of units at a time: for each gate its own
/// z, or one z for all of them where they share V.
/// </summary>
internal sealed unsafe class LmfMatrix<V> : WeightMatrix
    where V : unmanaged, IVector<V>
{
    private readonly Panels<V> inner;

    // Where all gates read one z, panels of all gates of a vector of units; else panels of one vector, [vector of units][gate].
    private readonly Panels<V>? joint;
    private readonly Aligned<float> single;
    private readonly Aligned<float> zeros;
    private readonly int rank;
    private readonly int innerStride;

    /// <param name="u">[gates * rows, d]</param>
    /// <param name="v">[gates * d, columns], or [d, columns] when shared.</param>
    public LmfMatrix(LmfStructure structure, ReadOnlySpan<float> u, ReadOnlySpan<float> v)
        : base(new UnitOrder(structure.Gates, structure.Rows, V.Lanes), structure.Columns)
    {
        rank = structure.Rank;
        var innerRows = (structure.Shared ? 1 : structure.Gates) * rank;
        innerStride = Padded(innerRows);
        inner = new Panels<V>(innerRows, Columns, v);
        zeros = new Aligned<float>(innerStride);
        if (structure.Shared || structure.Gates == 1)
        {
            joint = new Panels<V>(Order, rank, u);
        }

        single = new Aligned<float>(joint is null ? checked(Order.Vectors * Order.Gates * V.Lanes * rank) : 0);
        for (var row = 0; row < Rows && joint is null; row++)
        {
            var (gate, unit) = (row / Order.Units, row % Order.Units);
            for (var column = 0; column < rank; column++)
            {
                Single(unit / V.Lanes, gate)[(column * V.Lanes) + (unit % V.Lanes)] = u[(row * rank) + column];
            }
        }
    }

    public override long ResidentBytes => inner.ResidentBytes + (joint?.ResidentBytes ?? 0) + single.Bytes + zeros.Bytes;

    public override int ScratchFloats(int steps) => innerStride * steps;

    public override void Begin(float* x, float* scratch, bool backwards) => inner.Multiply(x, zeros.Pointer, scratch, backwards);

    public override void Finish(int vector, float* x, float* initial, float* y, float* scratch)
    {
        if (joint is not null)
        {
            joint.MultiplyPanel(vector, scratch, initial, y);
            return;
        }

        // In ascending order: where units do not fill a vector, the next gate begins within this gate's result.
        var stride = Order.GateStride(vector);
        for (var gate = 0; gate < Order.Gates; gate++)
        {
            PanelProducts<V>.One(Single(vector, gate), scratch + (gate * rank), rank, initial + (gate * stride), y + (gate * stride));
        }
    }

    public override void Multiply(float* x, float* initial, float* y, float* scratch, bool backwards)
    {
        if (joint is null)
        {
            base.Multiply(x, initial, y, scratch, backwards);
            return;
        }

        Begin(x, scratch, backwards);
        joint.Multiply(scratch, initial, y, backwards);
    }

    public override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch)
    {
        inner.MultiplyMany(x, Columns, steps, zeros.Pointer, 0, scratch, innerStride);
        if (joint is not null)
        {
            joint.MultiplyMany(scratch, innerStride, steps, initial, initialStride, y, Padded(Rows));
            return;
        }

        for (var vector = 0; vector < Order.Vectors; vector++)
        {
            for (var gate = 0; gate < Order.Gates; gate++)
            {
                var row = Order.Start(vector) + (gate * Order.GateStride(vector));
                for (var step = 0; step < steps; step += PanelTiles<V>.Steps)
                {
                    var count = Math.Min(PanelTiles<V>.Steps, steps - step);
                    PanelTiles<V>.One(
                        Single(vector, gate),
                        V.Lanes,
                        new TileOperands(scratch + ((long)step * innerStride) + (gate * rank), innerStride, count),
                        rank,
                        new TileOperands(initial + ((long)step * initialStride), initialStride, count),
                        new TileOperands(y + ((long)step * Padded(Rows)), Padded(Rows), count),
                        row);
                }
            }
        }
    }

    private float* Single(int vector, int gate) => single.Pointer + (((long)vector * Order.Gates) + gate) * V.Lanes * rank;
}
