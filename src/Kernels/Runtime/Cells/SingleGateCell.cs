using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>A cell of one gate: its whole sum, and then all units through <typeparamref name="TGates"/>.</summary>
internal sealed unsafe class SingleGateCell<V, TGates>(CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias, TGates activations)
    : RecurrentCell(shape, input, recurrent, bias)
    where V : unmanaged, IVector<V>
    where TGates : struct, IGates
{
    public override int WorkFloats => WeightMatrix.Padded(Shape.Hidden);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Step(float* x, float* product, float* hidden, float* next, float* memory, in CellWorkspace workspace, bool backwards)
    {
        var sums = workspace.Work.Pointer;
        if (x != null)
        {
            Input.Multiply(x, Bias.Pointer, product, workspace.InputScratch.Pointer, backwards);
        }

        Recurrent.Multiply(hidden, product, sums, workspace.RecurrentScratch.Pointer, backwards);
        for (var unit = 0; unit < Shape.Hidden; unit += V.Lanes)
        {
            activations.Update(product + unit, sums + unit, V.Lanes, hidden + unit, next + unit, memory + unit, unit);
        }
    }

    // A vector written behind a sequence's last unit falls on the next sequence, whose units are written after it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void StepMany(float* products, int sequences, float* hidden, float* next, float* memory, float* work, float* scratch)
    {
        Recurrent.MultiplyMany(hidden, sequences, products, ProductStride, work, scratch);
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            for (var unit = 0; unit < Shape.Hidden; unit += V.Lanes)
            {
                activations.Update(products + unit, work + unit, V.Lanes, hidden + unit, next + unit, memory + unit, unit);
            }

            products += ProductStride;
            work += GateStride;
            hidden += Shape.Hidden;
            next += Shape.Hidden;
            memory += MemoryStride;
        }
    }
}

/// <summary>h = tanh(W x + U h + b)</summary>
internal readonly unsafe struct TanhGate<V> : IGates
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(float* product, float* gates, int stride, float* hidden, float* next, float* memory, int unit) =>
        Activation.Tanh(V.Load(gates)).Store(next);
}

/// <summary>h = max(0, W x + U h + b)</summary>
internal readonly unsafe struct ReluGate<V> : IGates
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(float* product, float* gates, int stride, float* hidden, float* next, float* memory, int unit) =>
        V.Max(V.Broadcast(0), V.Load(gates)).Store(next);
}

/// <summary>s = W x + U h; z = sigmoid(s + b_z); h = (zeta (1 - z) + nu) tanh(s + b_h) + z h.</summary>
/// <remarks>Source: Kusupati et al. 2018.</remarks>
/// <param name="biases">b_z, b_h: [2 * units], and room for a vector behind them. The sum that both share has none.</param>
internal readonly unsafe struct FastGrnnGate<V>(Aligned<float> biases, int units, float zeta, float nu) : IGates
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(float* product, float* gates, int stride, float* hidden, float* next, float* memory, int unit)
    {
        var sum = V.Load(gates);
        var update = Activation.Sigmoid(sum + V.Load(biases.Pointer + unit));
        var candidate = Activation.Tanh(sum + V.Load(biases.Pointer + units + unit));
        var weight = V.MultiplyAdd(V.Broadcast(zeta), V.Broadcast(1) - update, V.Broadcast(nu));
        V.MultiplyAdd(weight, candidate, update * V.Load(hidden)).Store(next);
    }
}
