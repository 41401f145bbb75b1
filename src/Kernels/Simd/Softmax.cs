using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fleet.Kernels.Simd;

/// <summary>y_i = e^(x_i - max) / sum_j e^(x_j - max); no y is zero, for differences below -87.3 count as that.</summary>
public static unsafe class Softmax
{
    // Terms that a lane adds up in fp32 before its sum goes on in double: a vocabulary has more terms than a float has digits for.
    private const int LaneTerms = 8;

    /// <param name="values">Logits, replaced by probabilities. NaN anywhere makes all of them NaN.</param>
    public static void Apply(Span<float> values)
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

    /// <summary>NaN anywhere makes all of them NaN: whatever becomes of it in the greatest value, it is a term of the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<V>(float* values, int count)
        where V : unmanaged, IVector<V>
    {
        var whole = count & -V.Lanes;
        var lanes = stackalloc float[V.Lanes];
        var max = Max<V>(values, whole, count, lanes);
        var sum = 0.0;
        for (var at = 0; at < whole;)
        {
            var terms = V.Broadcast(0);
            for (var end = Math.Min(whole, at + (LaneTerms * V.Lanes)); at < end; at += V.Lanes)
            {
                var term = Activation.Exp(V.Load(values + at) - V.Broadcast(max));
                term.Store(values + at);
                terms += term;
            }

            terms.Store(lanes);
            for (var lane = 0; lane < V.Lanes; lane++)
            {
                sum += lanes[lane];
            }
        }

        for (var at = whole; at < count; at++)
        {
            Activation.Exp(ScalarVector.Load(values + at) - ScalarVector.Broadcast(max)).Store(values + at);
            sum += values[at];
        }

        var scale = (float)(1 / sum);
        for (var at = 0; at < whole; at += V.Lanes)
        {
            (V.Load(values + at) * V.Broadcast(scale)).Store(values + at);
        }

        for (var at = whole; at < count; at++)
        {
            values[at] *= scale;
        }
    }

    // Four at a time hide the latency of the comparison.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Max<V>(float* values, int whole, int count, float* lanes)
        where V : unmanaged, IVector<V>
    {
        var most0 = V.Broadcast(float.NegativeInfinity);
        var (most1, most2, most3) = (most0, most0, most0);
        var at = 0;
        for (; at <= whole - (4 * V.Lanes); at += 4 * V.Lanes)
        {
            most0 = V.Max(most0, V.Load(values + at));
            most1 = V.Max(most1, V.Load(values + at + V.Lanes));
            most2 = V.Max(most2, V.Load(values + at + (2 * V.Lanes)));
            most3 = V.Max(most3, V.Load(values + at + (3 * V.Lanes)));
        }

        for (; at < whole; at += V.Lanes)
        {
            most0 = V.Max(most0, V.Load(values + at));
        }

        V.Max(V.Max(most0, most1), V.Max(most2, most3)).Store(lanes);
        var max = float.NegativeInfinity;
        for (var lane = 0; whole > 0 && lane < V.Lanes; lane++)
        {
            max = float.Max(max, lanes[lane]);
        }

        for (; at < count; at++)
        {
            max = float.Max(max, values[at]);
        }

        return max;
    }
}
