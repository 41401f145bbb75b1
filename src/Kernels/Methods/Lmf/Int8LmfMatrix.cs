using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.Lmf;

/// <summary>
/// W = U V in bytes with a scale a row: z = V x for all gates in one product, then y = initial + U z with z in bytes too: each
/// gate's own z has a scale of its own.
/// </summary>
/// <param name="inner">V of all gates, as one gate.</param>
/// <param name="order">Of the vectors that the cell works with, which may be wider than those of the product.</param>
/// <param name="u">[gates * rows, d]</param>
/// <param name="uScales">[gates * rows]</param>
internal sealed unsafe class Int8LmfMatrix<D>(LmfStructure structure, WeightMatrix inner, UnitOrder order, ReadOnlySpan<sbyte> u, ReadOnlySpan<float> uScales)
    : WeightMatrix(order, structure.Columns)
    where D : unmanaged, IDotVector<D>
{
    private readonly Int8Panels<D>[] outer = Outer(structure, order, u, uScales);
    private readonly Aligned<float> zeros = new(Padded(inner.Rows));
    private readonly int rank = structure.Rank;
    private readonly int operandFloats = Int8Operand.Floats(structure.Rank);

    // One for each gate, or one for all.
    private int Operands => inner.Rows / rank;

    public override long ResidentBytes => inner.ResidentBytes + outer.Sum(panels => panels.ResidentBytes) + zeros.Bytes;

    /// <summary>The operands of U, [gate][step]; z; what V needs.</summary>
    public override int ScratchFloats(int steps) => (((Operands * operandFloats) + Padded(inner.Rows)) * steps) + inner.ScratchFloats(steps);

    public override void Begin(float* x, float* scratch, bool backwards)
    {
        var z = scratch + (Operands * operandFloats);
        inner.Multiply(x, zeros.Pointer, z, z + Padded(inner.Rows), backwards);
        for (var part = 0; part < Operands; part++)
        {
            Int8Operand.Write<D>(z + (part * rank), rank, scratch + (part * operandFloats));
        }
    }

    public override void Finish(int vector, float* x, float* initial, float* y, float* scratch)
    {
        // In ascending order: where units do not fill a vector, the next gate begins within this gate's result.
        var stride = Order.GateStride(vector);
        for (var gate = 0; gate < outer.Length; gate++)
        {
            outer[gate].MultiplyPanel(vector, scratch + (gate * operandFloats), initial + (gate * stride), y + (gate * stride));
        }
    }

    public override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch)
    {
        var z = scratch + ((long)Operands * operandFloats * steps);
        var zStride = Padded(inner.Rows);
        inner.MultiplyMany(x, steps, zeros.Pointer, 0, z, z + ((long)zStride * steps));
        for (var part = 0; part < Operands; part++)
        {
            for (var step = 0; step < steps; step++)
            {
                Int8Operand.Write<D>(z + ((long)step * zStride) + (part * rank), rank, scratch + ((((long)part * steps) + step) * operandFloats));
            }
        }

        // By vector, then by gate, for the same reason as above.
        for (var vector = 0; vector < Order.Vectors; vector++)
        {
            for (var gate = 0; gate < outer.Length; gate++)
            {
                var row = Order.Start(vector) + (gate * Order.GateStride(vector));
                outer[gate].MultiplyPanelMany(
                    vector, scratch + ((long)gate * steps * operandFloats), steps, initial + row, initialStride, y + row, Padded(Rows));
            }
        }
    }

    // A panel is what a gate, or all gates that share V, have of a vector of units.
    private static Int8Panels<D>[] Outer(LmfStructure structure, UnitOrder order, ReadOnlySpan<sbyte> u, ReadOnlySpan<float> scales)
    {
        if (structure.Shared || structure.Gates == 1)
        {
            return [new(order, structure.Rank, u, scales, order.Gates * order.Lanes / D.Lanes)];
        }

        var outer = new Int8Panels<D>[structure.Gates];
        for (var gate = 0; gate < outer.Length; gate++)
        {
            var (rows, start) = (structure.Rows, gate * structure.Rows);
            outer[gate] = new(rows, structure.Rank, u.Slice(start * structure.Rank, rows * structure.Rank), scales.Slice(start, rows), order.Lanes / D.Lanes);
        }

        return outer;
    }
}
