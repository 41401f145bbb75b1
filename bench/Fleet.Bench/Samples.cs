using Fleet.Kernels.Models;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>Random models and vectors; a kernel's time does not depend on the values.</summary>
internal static class Samples
{
    private const int Classes = 6;

    public static ModelDocument Model(string method, int input, int hidden, double compression) =>
        RandomModel.Create(RandomModel.Structure(method, input, hidden, compression), Classes, seed: 1);

    /// <exception cref="InvalidOperationException">Two sides differ by more than rounding in another order makes.</exception>
    public static void Agree(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        for (var index = 0; index < ours.Length; index++)
        {
            if (!(Math.Abs(ours[index] - theirs[index]) <= 1e-5f * (1 + Math.Abs(theirs[index]))))
            {
                throw new InvalidOperationException($"Output {index} is {ours[index]} here and {theirs[index]} with the peer.");
            }
        }
    }

    public static float[] Floats(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
