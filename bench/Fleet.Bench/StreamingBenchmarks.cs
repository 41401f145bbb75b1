using BenchmarkDotNet.Attributes;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;

namespace Fleet.Bench;

/// <summary>Whole models fed one step a call; those of both directions cannot be.</summary>
public class StreamingBenchmarks : ModelBenchmarks
{
    private ModelRunner runner = null!;
    private float[] x = [];
    private float[] output = [];

    [GlobalSetup]
    public void Setup()
    {
        var document = new ModelCase(Cell, Shape, Variant, Precision, LayerDirection.Forward).Model();
        runner = SequenceModel.Create(document, Level).CreateRunner(1);
        x = Samples.Floats(document.Structure.Features, 3);
        output = new float[document.Structure.Outputs];
    }

    [Benchmark]
    public void Step() => runner.Step(x, output);
}
