using BenchmarkDotNet.Attributes;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;

namespace Fleet.Bench;

/// <summary>Whole models, by method and vector width: a window, and a single streaming step.</summary>
[MemoryDiagnoser]
public class ModelBenchmarks
{
    private const int Steps = 64;

    private ModelRunner runner = null!;
    private float[] sequence = [];
    private float[] logits = [];

    [Params("9-64", "10-118", "77-179", "200-200", "650-650")]
    public string Shape { get; set; } = "";

    [Params("dense-1", "hmd-2", "hmd-4", "lmf-4", "pruned-4")]
    public string Variant { get; set; } = "";

    [ParamsSource(nameof(Levels))]
    public SimdLevel Level { get; set; }

    public static IEnumerable<SimdLevel> Levels => Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported);

    [GlobalSetup]
    public void Setup()
    {
        var shape = Shape.Split('-').Select(int.Parse).ToArray();
        var variant = Variant.Split('-');
        var document = Samples.Model(variant[0], shape[0], shape[1], int.Parse(variant[1]));
        runner = SequenceModel.Create(document, Level).CreateRunner(Steps);
        sequence = Samples.Floats(Steps * shape[0], 3);
        logits = new float[document.Structure.Outputs];
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public void WindowStep() => runner.Window(sequence, Steps, logits);

    [Benchmark]
    public void StreamingStep() => runner.Step(sequence.AsSpan(0, sequence.Length / Steps), logits);
}
