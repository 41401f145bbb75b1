using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;

namespace Fleet.Bench;

/// <summary>From the bytes of a 10 MB model to one that runs: read, checked, packed; against the time that it may take.</summary>
internal static class Loading
{
    private const double LimitMicroseconds = 20_000;

    public static Comparison Run()
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, Samples.Model("dense", 200, 700, 1));
        var file = stream.ToArray();
        var times = new double[Turns.Rounds];
        for (var round = 0; round < times.Length; round++)
        {
            times[round] = Timing.Nanoseconds(() => SequenceModel.Create(ModelFile.Read(file, "model")), 1) / 1000;
        }

        return Comparison.Of("load", $"{file.Length / 1e6:0.0} MB", "limit", times, [LimitMicroseconds]);
    }
}
