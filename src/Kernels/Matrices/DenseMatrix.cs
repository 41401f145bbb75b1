using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>Every weight is free: a panel for each vector of units.</summary>
/// <param name="weights">[gates * units, columns], gate by gate.</param>
internal sealed unsafe class DenseMatrix<V>(int gates, int units, int columns, ReadOnlySpan<float> weights)
    : WeightMatrix(new UnitOrder(gates, units, V.Lanes), columns)
    where V : unmanaged, IVector<V>
{
    private readonly Panels<V> panels = new(new UnitOrder(gates, units, V.Lanes), columns, weights);

    public override long ResidentBytes => panels.ResidentBytes;

    public override int ScratchFloats(int steps) => 0;

    public override void Begin(float* x, float* scratch, bool backwards)
    {
    }

    public override void Finish(int vector, float* x, float* initial, float* y, float* scratch) => panels.MultiplyPanel(vector, x, initial, y);

    public override void Multiply(float* x, float* initial, float* y, float* scratch, bool backwards) => panels.Multiply(x, initial, y, backwards);

    public override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch) =>
        panels.MultiplyMany(x, Columns, steps, initial, initialStride, y, Padded(Rows));
}
