namespace Fleet.Statistics;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same numbers from the same seed on every machine and every version of the runtime.</summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="end"/>, each as likely (to one part in 2^32 for small ends).</summary>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);
}
