using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>s = W x + U h; z = sigmoid(s + b_z); h = (zeta (1 - z) + nu) tanh(s + b_h) + z h.</summary>
/// <remarks>Source: Kusupati et al. 2018.</remarks>
/// <param name="noBias">Zero: both biases come after the sum that they share.</param>
/// <param name="biases">b_z, b_h: [2 * hidden].</param>
internal sealed unsafe class FastGrnnCell<V>(
    CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> noBias, Aligned<float> biases, float zeta, float nu)
    : RecurrentCell(shape, input, recurrent, noBias)
    where V : unmanaged, IVector<V>
{
    public override long ResidentBytes => base.ResidentBytes + biases.Bytes;

    public override void Step(float* product, float* hidden, float* memory, float* work, float* scratch)
    {
        Recurrent.Multiply(hidden, product, work, scratch);
        Update(Shape.Hidden, work, biases.Pointer, zeta, nu, hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(int units, float* sums, float* biases, float zeta, float nu, float* hidden)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            var sum = V.Load(sums + unit);
            var update = Activation.Sigmoid(sum + V.Load(biases + unit));
            var candidate = Activation.Tanh(sum + V.Load(biases + units + unit));
            var weight = V.MultiplyAdd(V.Broadcast(zeta), V.Broadcast(1) - update, V.Broadcast(nu));
            V.MultiplyAdd(weight, candidate, update * V.Load(hidden + unit)).Store(hidden + unit);
        }
    }
}
