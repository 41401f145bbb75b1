using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>Each method in int8 against the same model in fp32, in window and in streaming mode.</summary>
internal static class Int8AgainstFloats
{
    private static readonly BenchShape[] Shapes = [new(77, 179, 81), new(200, 200, 35), new(650, 650, 35)];

    private static readonly (string Name, string Method, double Compression)[] Methods =
    [
        ("dense", "dense", 1),
        ("hmd-2x", "hmd", 2),
        ("hmd-4x", "hmd", 4),
        ("lmf-4x", "lmf", 4),
        ("pruned-4x", "pruned", 4),
        ("block-sparse-4x1-75", "block-sparse", 4),
        ("kronecker-16x", "kronecker", 16),
    ];

    public static IEnumerable<Comparison> Run() =>
        from shape in Shapes from method in Methods from window in (bool[])[true, false] select Compare(shape, method, window);

    private static Comparison Compare(BenchShape shape, (string Name, string Method, double Compression) method, bool window)
    {
        var floats = RandomModel.Create(shape.Model(method.Method, method.Compression), seed: 1);
        return Turns.Compare(
            $"{method.Name}-int8-{(window ? "window" : "streaming")}",
            $"{shape}",
            "fp32",
            Run(Quantiser.Quantise(floats), shape, window),
            Run(floats, shape, window));
    }

    private static Action Run(ModelDocument model, BenchShape shape, bool window)
    {
        var runner = SequenceModel.Create(model).CreateRunner(shape.Steps);
        var sequence = Samples.Floats(shape.Steps * shape.Input, 3);
        var output = new float[model.Structure.Outputs];
        return window
            ? () => runner.Window(sequence, shape.Steps, output)
            : () => runner.Step(sequence.AsSpan(0, shape.Input), output);
    }
}
