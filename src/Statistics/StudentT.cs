using System.Collections.Concurrent;

namespace Fleet.Statistics;

/// <summary>Student's t for whole degrees of freedom: all that intervals over rounds need, without a numerics package on the board.</summary>
public static class StudentT
{
    /// <summary>Beyond, every number of degrees is rare.</summary>
    private const int RememberedDegrees = 1_000;

    private static readonly ConcurrentDictionary<(double Probability, int Degrees), double> Known = new();

    /// <summary>
    /// The value that t stays below with this probability. From the finite series of its distribution function (Abramowitz and Stegun,
    /// 26.7.3 and 26.7.4) by bisection over the angle atan(t / sqrt(degrees)); relative error below 1e-10.
    /// </summary>
    /// <param name="probability">Above 0 and below 1.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    /// <remarks>Remembered: a report asks for the same few thousands of times, and each is found by iteration.</remarks>
    public static double Quantile(double probability, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        if (probability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "must be above 0 and below 1");
        }

        return degrees > RememberedDegrees ? Find((probability, degrees)) : Known.GetOrAdd((probability, degrees), Find);
    }

    private static double Find((double Probability, int Degrees) of)
    {
        var (probability, degrees) = of;
        double central = Math.Abs((2 * probability) - 1);
        double low = 0, high = Math.PI / 2;
        for (int i = 0; i < 64; i++)
        {
            double middle = (low + high) / 2;
            if (CentralProbability(middle, degrees) < central)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Sqrt(degrees) * Math.Tan((low + high) / 2) * (probability < 0.5 ? -1 : 1);
    }

    /// <summary>P(|T| &lt;= sqrt(degrees) tan(angle)).</summary>
    private static double CentralProbability(double angle, int degrees)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        bool odd = degrees % 2 == 1;
        double term = odd ? cosine : 1, sum = 0;
        for (int power = odd ? 1 : 0; power <= degrees - 2; power += 2)
        {
            sum += term;
            term *= cosine * cosine * (power + 1) / (power + 2);
        }

        return odd ? 2 / Math.PI * (angle + (sine * sum)) : sine * sum;
    }
}
