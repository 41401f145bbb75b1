using System.Numerics;
using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Speech;

/// <summary>
/// The discrete Fourier transform of a power of two of samples, radix 2, in place (Cooley and Tukey 1965). Written here because it
/// must give the same bits on every platform and run in the agent.
/// </summary>
internal sealed class FourierTransform
{
    private readonly Complex[] roots;
    private readonly Complex[] work;
    private readonly int[] order;

    /// <param name="size">A power of two, at least 2.</param>
    public FourierTransform(int size)
    {
        if (size < 2 || !BitOperations.IsPow2(size))
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "A transform takes a power of two of samples.");
        }

        Size = size;
        work = new Complex[size];
        roots = [.. Enumerable.Range(0, size / 2)
            .Select(index => new Complex(PortableMath.CosTurns((double)index / size), -PortableMath.SinTurns((double)index / size)))];
        order = new int[size];
        for (var index = 1; index < size; index++)
        {
            order[index] = (order[index / 2] / 2) | ((index & 1) != 0 ? size / 2 : 0);
        }
    }

    public int Size { get; }

    /// <summary>Written to <paramref name="power"/>: |X_k|^2 for k = 0 to size / 2, with X_k = sum_n x_n exp(-2 pi i k n / size).</summary>
    /// <param name="samples">At most size; the rest is taken to be zero.</param>
    public void Power(ReadOnlySpan<double> samples, Span<double> power)
    {
        Array.Clear(work);
        for (var index = 0; index < samples.Length; index++)
        {
            work[order[index]] = samples[index];
        }

        for (var half = 1; half < Size; half *= 2)
        {
            var stride = Size / (2 * half);
            for (var start = 0; start < Size; start += 2 * half)
            {
                for (var index = 0; index < half; index++)
                {
                    var even = work[start + index];
                    var odd = work[start + index + half];
                    var root = roots[index * stride];
                    // Spelled out, for the library's product may differ in its last bits between versions.
                    var rotated = new Complex(
                        (odd.Real * root.Real) - (odd.Imaginary * root.Imaginary), (odd.Real * root.Imaginary) + (odd.Imaginary * root.Real));
                    work[start + index] = even + rotated;
                    work[start + index + half] = even - rotated;
                }
            }
        }

        for (var bin = 0; bin <= Size / 2; bin++)
        {
            power[bin] = (work[bin].Real * work[bin].Real) + (work[bin].Imaginary * work[bin].Imaginary);
        }
    }
}
