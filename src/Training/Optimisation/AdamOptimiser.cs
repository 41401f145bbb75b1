using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Optimisation;

/// <summary>
/// Adam with bias correction (Kingma and Ba 2015, algorithm 1) over all parameters, after the gradient was scaled down to a
/// greatest L2 norm (Pascanu et al. 2013).
/// </summary>
internal sealed unsafe class AdamOptimiser<T>(BatchArithmetic<T> arithmetic, int parameters, double clipNorm) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public const double Beta1 = 0.9;
    public const double Beta2 = 0.999;
    public const double Epsilon = 1e-8;

    private readonly AlignedBuffer<T> first = new(parameters);
    private readonly AlignedBuffer<T> second = new(parameters);
    private double power1 = 1;
    private double power2 = 1;

    /// <summary>m.</summary>
    public AlignedBuffer<T> First => first;

    /// <summary>v.</summary>
    public AlignedBuffer<T> Second => second;

    /// <summary>t, the steps done.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// One step of size <paramref name="rate"/>. Returns the gradient's norm before it was clipped; where that is not finite, nothing is
    /// changed.
    /// </summary>
    public double Step(T* weights, T* gradient, double rate)
    {
        var norm = Norm(gradient);
        if (!double.IsFinite(norm))
        {
            return norm;
        }

        Steps++;
        power1 *= Beta1;
        power2 *= Beta2;
        arithmetic.Adam(weights, gradient, first.Pointer, second.Pointer, parameters, new AdamFactors(
            Beta1,
            Beta2,
            rate / (1 - power1),
            1 / Math.Sqrt(1 - power2),
            Epsilon,
            norm > clipNorm ? clipNorm / norm : 1));
        return norm;
    }

    /// <summary>Takes up again after so many steps, with the moments that <see cref="First"/> and <see cref="Second"/> were given.</summary>
    public void Resume(long steps)
    {
        Steps = steps;
        (power1, power2) = (1, 1);
        // The same products in the same order as if they had been made step by step.
        for (var step = 0L; step < steps; step++)
        {
            power1 *= Beta1;
            power2 *= Beta2;
        }
    }

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private double Norm(T* gradient)
    {
        var sum = 0.0;
        for (var index = 0; index < parameters; index++)
        {
            var value = double.CreateTruncating(gradient[index]);
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
