namespace Fleet.Statistics.Tests;

/// <summary>Standard normal numbers from a seed (Box and Muller).</summary>
internal sealed class Normal(ulong seed)
{
    private readonly SeededRandom random = new(seed);

    public double Next() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private double Uniform() => (random.Next() >> 11) * (1.0 / (1UL << 53));
}
