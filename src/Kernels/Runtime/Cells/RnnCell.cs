using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>h = tanh(W x + U h + b), or max(0, W x + U h + b).</summary>
internal sealed unsafe class RnnCell<V>(CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias)
    : RecurrentCell(shape, input, recurrent, bias)
    where V : unmanaged, IVector<V>
{
    public override void Step(float* product, float* hidden, float* memory, float* work, float* scratch)
    {
        Recurrent.Multiply(hidden, product, work, scratch);
        if (Shape.Relu)
        {
            Rectify(Shape.Hidden, work, hidden);
        }
        else
        {
            Tanh(Shape.Hidden, work, hidden);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tanh(int units, float* sums, float* hidden)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            Activation.Tanh(V.Load(sums + unit)).Store(hidden + unit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rectify(int units, float* sums, float* hidden)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            V.Max(V.Broadcast(0), V.Load(sums + unit)).Store(hidden + unit);
        }
    }
}
