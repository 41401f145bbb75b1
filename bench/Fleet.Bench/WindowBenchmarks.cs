using BenchmarkDotNet.Attributes;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;

namespace Fleet.Bench;

/// <summary>
/// Whole models at work on windows, one sequence at a time and several together. Pick some by their parameters, as in --filter
/// '*Window(Cell: "gru"*Precision: Int8*'.
/// </summary>
public class WindowBenchmarks : ModelBenchmarks
{
    private const int Steps = 64;
    private const int Sequences = 24;

    private ModelRunner runner = null!;
    private BatchRunner batch = null!;
    private float[] sequences = [];
    private float[] outputs = [];
    private int width;

    [Params(LayerDirection.Forward, LayerDirection.Bidirectional)]
    public LayerDirection Direction { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var document = new ModelCase(Cell, Shape, Variant, Precision, Direction).Model();
        var model = SequenceModel.Create(document, Level);
        runner = model.CreateRunner(Steps);
        batch = model.CreateBatch(Sequences, Steps);
        width = Steps * document.Structure.Features;
        sequences = Samples.Floats(Sequences * width, 3);
        outputs = new float[Sequences * document.Structure.Outputs];
    }

    /// <summary>The time of one step.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    public void Window() => runner.Window(sequences.AsSpan(0, width), Steps, outputs.AsSpan(0, outputs.Length / Sequences));

    /// <summary>The time of one step of one sequence.</summary>
    [Benchmark(OperationsPerInvoke = Steps * Sequences)]
    public void Batch() => batch.Run(sequences, Steps, Sequences, eachStep: false, outputs);
}
