using BenchmarkDotNet.Attributes;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Bench;

/// <summary>Whole models fed one step a call; those of both directions cannot be.</summary>
[MemoryDiagnoser]
public class StreamingBenchmarks
{
    private ModelRunner runner = null!;
    private float[] x = [];
    private float[] output = [];

    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Cells))]
    public string Cell { get; set; } = "";

    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Shapes))]
    public string Shape { get; set; } = "";

    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Variants))]
    public string Variant { get; set; } = "";

    [ParamsAllValues]
    public Precision Precision { get; set; }

    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Levels))]
    public SimdLevel Level { get; set; }

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
