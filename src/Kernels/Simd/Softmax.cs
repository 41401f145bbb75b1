using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
namespace Fleet.Kernels.Simd;

/// <summary>y_i = e^(x_i - max) / sum_j e^(x_j - max); no y is zero, for differences below -87.3 count as that.</summary>
public static class Softmax
{
    /// <param name="values">Logits, replaced by probabilities. NaN anywhere makes all of them NaN.</param>
    public static unsafe void Apply(Span<float> values)
    {
        fixed (float* pointer = values)
        {
            if (Avx2.IsSupported)
            {
                Apply<V256>(pointer, values.Length);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                Apply<V128>(pointer, values.Length);
            }
            else
            {
                Apply<ScalarVector>(pointer, values.Length);
            }
        }
    }

    private static unsafe void Apply<V>(float* values, int count)
        where V : unmanaged, IVector<V>
    {
        var most = float.NegativeInfinity;
        for (var index = 0; index < count; index++)
        {
            most = float.Max(most, values[index]);
        }

        // In double: a vocabulary has more terms than a float has digits for.
        var sum = 0.0;
        var at = 0;
        for (; at <= count - V.Lanes; at += V.Lanes)
        {
            Activation.Exp(V.Load(values + at) - V.Broadcast(most)).Store(values + at);
        }

        for (; at < count; at++)
        {
            Activation.Exp(ScalarVector.Load(values + at) - ScalarVector.Broadcast(most)).Store(values + at);
        }

        for (var index = 0; index < count; index++)
        {
            sum += values[index];
        }

        var scale = (float)(1 / sum);
        for (var index = 0; index < count; index++)
        {
            values[index] *= scale;
        }
    }
}
