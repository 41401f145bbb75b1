using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace Fleet.Analysis.Comparing;

/// <summary>Quantiles of Student's t distribution. A report asks for the same few thousands of times, and each is found by iteration.</summary>
internal static class StudentQuantile
{
    /// <summary>Beyond, every number of degrees is rare.</summary>
    private const int RememberedDegrees = 1_000;

    private static readonly ConcurrentDictionary<(double Probability, int Degrees), double> Known = new();

    public static double Of(double probability, int degrees) => degrees > RememberedDegrees
        ? Find((probability, degrees))
        : Known.GetOrAdd((probability, degrees), Find);

    private static double Find((double Probability, int Degrees) of) => StudentT.InvCDF(0, 1, of.Degrees, of.Probability);
}
