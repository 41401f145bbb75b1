using Fleet.Cli.Models;
using Fleet.Interchange.Onnx;
using Fleet.Kernels.Models;
using Fleet.Measurement.Models;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.OnnxRuntimePeer;

/// <summary>One step at a time on ONNX Runtime. The state is held in two sets of arrays; each step reads the one that the step before wrote.</summary>
internal sealed class PeerStreaming : IInference, IDisposable
{
    private readonly RunOptions options = new();
    private readonly PeerModel model;
    private readonly PeerBinding[] bindings = [new(), new()];
    private readonly List<float[]> first = [];
    private readonly ModelTurns turns;
    private readonly float[] features;
    private readonly long[] token = new long[1];
    private int step;

    public PeerStreaming(ModelDocument document, ModelTurns turns, int threads)
    {
        this.turns = turns;
        var structure = document.Structure;
        features = new float[structure.Features];
        Output = new float[structure.Outputs];
        model = PeerModel.Load(OnnxModelFile.ToStepBytes(document), threads);
        foreach (var binding in bindings)
        {
            if (structure.Embedding is null)
            {
                binding.Input(model.Input, features, 1, 1, features.Length);
            }
            else
            {
                binding.Input(model.Input, token, 1, 1);
            }

            binding.Output("output", Output, 1, 1, Output.Length);
        }

        foreach (var (index, layer) in structure.Layers.Index())
        {
            foreach (var state in layer.Shape.HasMemory ? new[] { "h", "c" } : ["h"])
            {
                float[][] sets = [new float[layer.Shape.Hidden], new float[layer.Shape.Hidden]];
                first.Add(sets[0]);
                for (var side = 0; side < sets.Length; side++)
                {
                    bindings[side].Input($"{state}.{index}", sets[side], 1, 1, layer.Shape.Hidden);
                    bindings[side].Output($"{state}.{index}.next", sets[1 - side], 1, 1, layer.Shape.Hidden);
                }
            }
        }
    }

    /// <summary>What the latest step gave.</summary>
    public float[] Output { get; }

    public void Run()
    {
        if (step == 0)
        {
            foreach (var state in first)
            {
                Array.Clear(state);
            }
        }

        if (turns.Tokens.Length > 0)
        {
            token[0] = turns.Tokens[step];
        }
        else
        {
            turns.Features.AsSpan(step * features.Length, features.Length).CopyTo(features);
        }

        model.Run(options, bindings[step % 2]);
        step = (step + 1) % turns.Steps;
    }

    public string? CheckOutput() => null;

    public void Dispose()
    {
        foreach (var binding in bindings)
        {
            binding.Dispose();
        }

        model.Dispose();
        options.Dispose();
    }
}
