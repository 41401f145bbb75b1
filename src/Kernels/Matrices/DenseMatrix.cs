using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>Every weight is free: one product with all the gates' rows.</summary>
internal sealed unsafe class DenseMatrix<V>(int rows, int columns, ReadOnlySpan<float> weights) : WeightMatrix(rows, columns)
    where V : unmanaged, IVector<V>
{
    private readonly Panels<V> panels = new(rows, columns, weights);

    public override long ResidentBytes => panels.ResidentBytes;

    public override int ScratchFloats(int steps) => 0;

    public override void Multiply(float* x, float* initial, float* y, float* scratch) => panels.Multiply(x, initial, y);

    public override void MultiplyMany(float* x, int steps, float* initial, float* y, float* scratch) =>
        panels.MultiplyMany(x, Columns, steps, initial, y, Padded(Rows));
}
