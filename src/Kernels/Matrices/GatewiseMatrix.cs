using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// A matrix whose product comes gate by gate: W x without initial values is computed whole, [gate][unit] with
/// <see cref="GateFloats"/> from gate to gate, and added to them a vector of units at a time.
/// </summary>
internal abstract unsafe class GatewiseMatrix<V>(int gates, int units, int columns) : WeightMatrix(new UnitOrder(gates, units, V.Lanes), columns)
    where V : unmanaged, IVector<V>
{
    /// <summary>Vectors x that <see cref="ProductMany"/> is given at once.</summary>
    protected const int MaxSteps = 16;

    /// <summary>From one gate's products to the next one's; what is written behind a gate's last unit falls in between.</summary>
    protected int GateFloats { get; } = Padded(units);

    /// <summary>From one step's products to the next one's.</summary>
    protected int StepFloats => Order.Gates * GateFloats;

    public sealed override int ScratchFloats(int steps) =>
        checked((Math.Min(steps, MaxSteps) * StepFloats) + ProductScratchFloats(Math.Min(steps, MaxSteps)));

    public sealed override void Begin(float* x, float* scratch, bool backwards) => Product(x, scratch, scratch + StepFloats);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public sealed override void Finish(int vector, float* x, float* initial, float* y, float* scratch)
    {
        var product = scratch + (vector * V.Lanes);
        var stride = Order.GateStride(vector);
        // In ascending order: where units do not fill a vector, the next gate begins within this store.
        for (var gate = 0; gate < Order.Gates; gate++)
        {
            (V.Load(initial) + V.Load(product)).Store(y);
            initial += stride;
            product += GateFloats;
            y += stride;
        }
    }

    public sealed override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch)
    {
        for (var first = 0; first < steps; first += MaxSteps)
        {
            var count = Math.Min(MaxSteps, steps - first);
            ProductMany(x + ((long)first * Columns), count, scratch, scratch + ((long)count * StepFloats));
            for (var step = 0; step < count; step++)
            {
                var (from, to) = ((long)(first + step) * initialStride, (long)(first + step) * Padded(Rows));
                for (var vector = 0; vector < Order.Vectors; vector++)
                {
                    var start = Order.Start(vector);
                    Finish(vector, x, initial + from + start, y + to + start, scratch + ((long)step * StepFloats));
                }
            }
        }
    }

    /// <summary>What the products work with.</summary>
    protected abstract int ProductScratchFloats(int steps);

    /// <summary>W x.</summary>
    /// <param name="products">Written: [gates, <see cref="GateFloats"/>].</param>
    protected abstract void Product(float* x, float* products, float* scratch);

    /// <summary>W x_s for up to <see cref="MaxSteps"/> vectors.</summary>
    protected virtual void ProductMany(float* x, int steps, float* products, float* scratch)
    {
        for (var step = 0; step < steps; step++)
        {
            Product(x + ((long)step * Columns), products + ((long)step * StepFloats), scratch);
        }
    }
}
