using Fleet.Interchange.Onnx;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Tests;
using Fleet.OnnxRuntimePeer;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.Bench;

/// <summary>
/// Dense models against ONNX Runtime on one thread: a window with the outputs of all its steps, and a step that is given the state
/// and gives it back. ONNX Runtime reads and writes arrays that stay where they are. Both must agree before anything is timed.
/// </summary>
internal static class DenseAgainstOnnxRuntime
{
    private const string Peer = "onnxruntime-1.31.1";

    public static IEnumerable<Comparison> Run()
    {
        foreach (var shape in BenchShape.All)
        {
            var document = RandomModel.Create(shape.Model("dense", 1), seed: 1);
            yield return Window(shape, document);
            if (document.Structure.CanStream)
            {
                yield return Streaming(shape, document);
            }
        }
    }

    private static Comparison Window(BenchShape shape, ModelDocument document)
    {
        var outputs = document.Structure.Outputs;
        var sequence = Samples.Floats(shape.Steps * shape.Input, 3);
        var (ours, theirs) = (new float[shape.Steps * outputs], new float[shape.Steps * outputs]);
        var runner = SequenceModel.Create(document).CreateRunner(shape.Steps);
        using var options = new RunOptions();
        using var peer = PeerModel.Load(OnnxModelFile.ToBytes(document), threads: 1);
        using var binding = new PeerBinding();
        binding.Input(peer.Input, sequence, shape.Steps, 1, shape.Input);
        binding.Output(peer.Output, theirs, shape.Steps, 1, outputs);
        Run();
        peer.Run(options, binding);
        Samples.Agree(ours, theirs);
        return Turns.Compare("dense-window", $"{shape}", Peer, Run, () => peer.Run(options, binding));

        void Run()
        {
            runner.Reset();
            runner.RunAll(sequence, shape.Steps, ours);
        }
    }

    private static Comparison Streaming(BenchShape shape, ModelDocument document)
    {
        var layer = document.Structure.Layers[0].Shape;
        var x = Samples.Floats(shape.Input, 3);
        var (ours, theirs) = (new float[shape.Hidden], new float[shape.Hidden]);
        var runner = SequenceModel.Create(document).CreateRunner(1);
        using var options = new RunOptions();
        using var peer = PeerModel.Load(OnnxModelFile.ToStepBytes(document), threads: 1);
        using PeerBinding even = new(), odd = new();
        foreach (var binding in (PeerBinding[])[even, odd])
        {
            binding.Input(peer.Input, x, 1, 1, shape.Input);
            binding.Output("output", theirs, 1, 1, shape.Hidden);
        }

        // The state is in two sets of arrays; each step reads the one that the step before wrote.
        foreach (var state in layer.HasMemory ? (string[])["h.0", "c.0"] : ["h.0"])
        {
            var (one, other) = (new float[shape.Hidden], new float[shape.Hidden]);
            even.Input(state, one, 1, 1, shape.Hidden);
            even.Output($"{state}.next", other, 1, 1, shape.Hidden);
            odd.Input(state, other, 1, 1, shape.Hidden);
            odd.Output($"{state}.next", one, 1, 1, shape.Hidden);
        }

        var turn = false;
        for (var step = 0; step < 3; step++)
        {
            runner.Step(x, ours);
            Step();
        }

        Samples.Agree(ours, theirs);
        return Turns.Compare("dense-streaming", $"{shape}", Peer, () => runner.Step(x, ours), Step);

        void Step()
        {
            peer.Run(options, turn ? odd : even);
            turn = !turn;
        }
    }
}
