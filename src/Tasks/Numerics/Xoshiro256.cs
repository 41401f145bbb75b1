using System.Numerics;

namespace Fleet.Tasks.Numerics;

/// <summary>
/// Random numbers that are the same on every platform: xoshiro256** 1.0 (Blackman and Vigna 2018), its state filled by SplitMix64.
/// Only integer arithmetic and exactly rounded operations are used.
/// </summary>
public sealed class Xoshiro256
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    /// <param name="seed">Recorded wherever the numbers are used.</param>
    /// <param name="stream">Different streams of one seed are independent: one for each purpose, so that none shifts another.</param>
    public Xoshiro256(long seed, long stream = 0)
    {
        var state = (ulong)seed;
        var offset = (ulong)stream;
        // Rotated, so that seed and stream cannot stand in for each other.
        state = SplitMix(ref state) ^ BitOperations.RotateLeft(SplitMix(ref offset), 32);
        s0 = SplitMix(ref state);
        s1 = SplitMix(ref state);
        s2 = SplitMix(ref state);
        s3 = SplitMix(ref state);
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>Uniform in [0, <paramref name="count"/>), without bias (Lemire 2019).</summary>
    public int Below(int count)
    {
        var threshold = unchecked((ulong)-count) % (ulong)count;
        while (true)
        {
            var high = Math.BigMul(Next(), (ulong)count, out var low);
            if (low >= threshold)
            {
                return (int)high;
            }
        }
    }

    /// <summary>
    /// Nearly standard normal: the sum of twelve 16-bit uniforms (Irwin and Hall), mean 0, variance 1, within [-6, 6].
    /// It needs no logarithm, whose last bits differ between platforms.
    /// </summary>
    public double Normal()
    {
        long sum = 0;
        for (var draw = 0; draw < 3; draw++)
        {
            var bits = Next();
            sum += (long)((bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48));
        }

        // Each uniform is (u + 1/2) / 65536, so that the mean of the sum is exactly 6.
        return ((sum + 6) / 65536.0) - 6;
    }

    /// <summary>Fisher and Yates: every order is equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
