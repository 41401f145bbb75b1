using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Quantisation;

/// <summary>
/// Floats rounded to what they are in int8: weights to q s with a scale a row, as <see cref="Kernels.Models.Quantiser"/> does it,
/// and what a product reads to q s with a scale a vector, as the int8 kernels do it, operation by operation. On the way back each
/// rounding counts as the identity: dL/dw = dL/d(q s).
/// </summary>
/// <remarks>Source of the straight-through estimator: Bengio, Leonard and Courville 2013; of training so: Jacob et al., CVPR 2018.</remarks>
internal static unsafe class FakeQuantiser<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;

    private static readonly T MaxByte = T.CreateTruncating(127);

    // Of the quantiser and of the kernels: the least scale that has all its digits, and the least vector that is not zero.
    private static readonly T MinScale = T.CreateTruncating(1.17549435e-38f);
    private static readonly T MinOperand = T.CreateTruncating(1e-36f);

    /// <summary>Rounds weights[rows, length] in place.</summary>
    public static void Weights(T* weights, int rows, int length)
    {
        for (var row = 0; row < rows; row++)
        {
            var own = new Span<T>(weights + ((long)row * length), length);
            var max = T.Zero;
            foreach (var weight in own)
            {
                max = T.Max(max, T.Abs(weight));
            }

            if (max == T.Zero)
            {
                continue;
            }

            var scale = T.Max(max / MaxByte, MinScale);
            foreach (ref var weight in own)
            {
                // In double, as the quantiser has it: there a quotient that is not half an integer does not round to one.
                weight = T.CreateTruncating(Math.Round(double.CreateTruncating(weight) / double.CreateTruncating(scale), MidpointRounding.ToEven)) * scale;
            }
        }
    }

    /// <summary>Rounds x[rows, samples] in place: of each sample, so many rows at a time have a scale.</summary>
    /// <param name="length">Of what has a scale; the last may be shorter.</param>
    public static void Operands(T* x, int rows, int length)
    {
        Span<T> factors = stackalloc T[Vector];
        Span<T> scales = stackalloc T[Vector];
        for (var start = 0; start < rows; start += length)
        {
            var own = new Span<T>(x + ((long)start * Vector), Math.Min(length, rows - start) * Vector);
            scales.Clear();
            for (var row = 0; row < own.Length; row += Vector)
            {
                for (var sample = 0; sample < Vector; sample++)
                {
                    scales[sample] = T.Max(scales[sample], T.Abs(own[row + sample]));
                }
            }

            for (var sample = 0; sample < Vector; sample++)
            {
                var max = scales[sample];
                (factors[sample], scales[sample]) = max < MinOperand ? (T.Zero, T.Zero) : (MaxByte / max, max / MaxByte);
            }

            for (var row = 0; row < own.Length; row += Vector)
            {
                for (var sample = 0; sample < Vector; sample++)
                {
                    ref var value = ref own[row + sample];
                    value = T.Round(value * factors[sample], MidpointRounding.ToEven) * scales[sample];
                }
            }
        }
    }
}
