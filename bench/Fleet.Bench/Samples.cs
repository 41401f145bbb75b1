using Fleet.Kernels.Models;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>Random models and vectors; a kernel's time does not depend on the values.</summary>
internal static class Samples
{
    private const int Classes = 6;

    public static ModelDocument Model(string method, int input, int hidden, double compression) =>
        RandomModel.Create(RandomModel.Structure(method, input, hidden, compression), Classes, seed: 1);

    public static float[] Floats(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
