using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>Every weight is free, in bytes with a scale a row: a panel for each vector of units.</summary>
/// <param name="order">Of the vectors that the cell works with, which may be wider than those of the product.</param>
/// <param name="weights">[gates * units, columns], gate by gate.</param>
/// <param name="scales">[gates * units]</param>
internal sealed unsafe class Int8DenseMatrix<D>(UnitOrder order, int columns, ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> scales)
    : WeightMatrix(order, columns)
    where D : unmanaged, IDotVector<D>
{
    private readonly Int8Panels<D> panels = new(
        order, columns, weights, scales, order.Gates == 1 ? Int8Panels<D>.Widest : order.Gates * order.Lanes / D.Lanes);

    public override long ResidentBytes => panels.ResidentBytes;

    public override int ScratchFloats(int steps) => panels.OperandFloats * steps;

    public override void Begin(float* x, float* scratch, bool backwards) => Int8Operand.Write<D>(x, Columns, scratch);

    public override void Finish(int vector, float* x, float* initial, float* y, float* scratch) => panels.MultiplyPanel(vector, scratch, initial, y);

    public override void Multiply(float* x, float* initial, float* y, float* scratch, bool backwards)
    {
        Int8Operand.Write<D>(x, Columns, scratch);
        panels.Multiply(scratch, initial, y, backwards);
    }

    public override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch)
    {
        for (var step = 0; step < steps; step++)
        {
            Int8Operand.Write<D>(x + ((long)step * Columns), Columns, scratch + ((long)step * panels.OperandFloats));
        }

        panels.MultiplyMany(scratch, steps, initial, initialStride, y, Padded(Rows));
    }
}
