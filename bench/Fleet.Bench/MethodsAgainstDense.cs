using Fleet.Kernels.Runtime;

namespace Fleet.Bench;

/// <summary>Each method against our own dense model, whole models in window and in streaming mode, turn by turn.</summary>
internal static class MethodsAgainstDense
{
    private const int Rounds = 41;
    private const double TurnMilliseconds = 4;

    private static readonly (int Input, int Hidden, int Steps)[] Shapes = [(9, 64, 128), (10, 118, 49), (77, 179, 81), (200, 200, 35), (650, 650, 35)];

    private static readonly (string Method, double Compression)[] Methods = [("hmd", 2), ("hmd", 4), ("lmf", 4), ("pruned", 4)];

    public static IReadOnlyList<Comparison> Run() =>
        [.. from shape in Shapes from method in Methods from window in (bool[])[true, false] select Compare(shape, method, window)];

    private static Comparison Compare((int Input, int Hidden, int Steps) shape, (string Name, double Compression) method, bool window)
    {
        var ours = Run(shape, method.Name, method.Compression, window);
        var dense = Run(shape, "dense", 1, window);
        var repetitions = (Ours: Timing.Calibrate(ours, TurnMilliseconds), Dense: Timing.Calibrate(dense, TurnMilliseconds));
        var (us, denseUs) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            us[round] = Timing.Nanoseconds(ours, repetitions.Ours) / repetitions.Ours / 1000;
            denseUs[round] = Timing.Nanoseconds(dense, repetitions.Dense) / repetitions.Dense / 1000;
        }

        return Comparison.Of($"{method.Name}-{method.Compression}x-{(window ? "window" : "streaming")}", $"{shape.Input}-{shape.Hidden}-{shape.Steps}", "dense", us, denseUs);
    }

    private static Action Run((int Input, int Hidden, int Steps) shape, string method, double compression, bool window)
    {
        var runner = SequenceModel.Create(Samples.Model(method, shape.Input, shape.Hidden, compression)).CreateRunner(shape.Steps);
        var sequence = Samples.Floats(shape.Steps * shape.Input, 3);
        var logits = new float[6];
        return window
            ? () => runner.Window(sequence, shape.Steps, logits)
            : () => runner.Step(sequence.AsSpan(0, shape.Input), logits);
    }
}
