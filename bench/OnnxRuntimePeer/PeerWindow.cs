using Fleet.Cli.Models;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx;
using Fleet.Measurement.Models;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.OnnxRuntimePeer;

/// <summary>
/// A whole sequence on ONNX Runtime: an ONNX file as it is, where it takes the sequence and gives what Fleet's model gives; else the model
/// exported.
/// </summary>
internal sealed class PeerWindow : IInference, IDisposable
{
    private readonly RunOptions options = new();
    private readonly PeerBinding binding = new();
    private readonly PeerModel model;

    public PeerWindow(ExchangedModel read, string file, ModelTurns turns, int threads)
    {
        var structure = read.Document.Structure;
        var batchFirst = read.BatchFirst;
        model = read.Origin == ModelOrigin.Onnx ? PeerModel.Load(file, threads) : PeerModel.Load(OnnxModelFile.ToBytes(read.Document), threads);
        if (read.LeftOut.Count > 0 || !model.Takes(Shape()))
        {
            model.Dispose();
            batchFirst = false;
            model = PeerModel.Load(OnnxModelFile.ToBytes(read.Document), threads);
        }

        if (structure.Embedding is null)
        {
            binding.Input(model.Input, turns.Features, Shape());
        }
        else if (model.ReadsInt32)
        {
            binding.Input(model.Input, turns.Tokens, Shape());
        }
        else
        {
            binding.Input(model.Input, Array.ConvertAll(turns.Tokens, token => (long)token), Shape());
        }

        // With one sequence, the axes that a file may order otherwise have an extent of 1: the elements stand in one order.
        var shape = model.OutputShape(binding);
        Output = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
        binding.Output(model.Output, Output, shape);

        long[] Shape()
        {
            long[] axes = batchFirst ? [1, turns.Steps] : [turns.Steps, 1];
            return structure.Embedding is null ? [.. axes, structure.Features] : axes;
        }
    }

    /// <summary>What the latest run gave.</summary>
    public float[] Output { get; }

    public void Run() => model.Run(options, binding);

    public string? CheckOutput() => null;

    public void Dispose()
    {
        binding.Dispose();
        model.Dispose();
        options.Dispose();
    }
}
