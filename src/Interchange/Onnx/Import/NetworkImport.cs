using System.Runtime.CompilerServices;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Graphs;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Onnx.Import;

/// <summary>A network found in a graph.</summary>
/// <param name="BatchFirst">Whether the graph takes sequences x steps x features; else steps come first.</param>
/// <param name="LeftOut">What the graph does beside or behind it, in words; empty where the network gives all.</param>
/// <param name="LogSoftmax">Whether a LogSoftmax at the end is part of it.</param>
internal sealed record FoundNetwork(ImportedNetwork Network, bool BatchFirst, IReadOnlyList<string> LeftOut, bool LogSoftmax = false);

/// <summary>
/// Finds the network that a graph computes, by running it with probes: arrays of atoms in place of numbers, of which layout operators do
/// not see the difference. Extents that the file leaves open are probed with two different sizes, so that a constant which fits by
/// chance is not taken for a rule.
/// </summary>
internal static class NetworkImport
{
    private static readonly (int First, int Second)[] Probes = [(5, 3), (4, 7)];

    // A probe's own arrays are small; the rest is room for weights that are transposed or cut on the way.
    private const long SpareBytes = 32 << 20;

    /// <exception cref="FileFormatException">The graph is not one recurrent network; the message names the node that does not fit.</exception>
    public static FoundNetwork Find(OnnxFile file)
    {
        var input = Input(file);
        var extents = input.Type?.TensorType?.Shape?.Dim.Select(
            dimension => dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? dimension.DimValue : -1)
            .ToArray();
        var known = new Dictionary<string, ImportedLayer>(StringComparer.Ordinal);
        var found = Probes.Select(probe => Find(file, input, extents, probe, known)).ToArray();
        return found[0].BatchFirst == found[1].BatchFirst && Same(found[0].Network, found[1].Network)
            ? found[0]
            : throw new FileFormatException(
                file.Name,
                "graph",
                "it computes different networks for sequences of different lengths.",
                "Export it with its time axis left open (dynamic_axes).");
    }

    private static ValueInfoProto Input(OnnxFile file)
    {
        var inputs = file.Inputs.ToArray();
        return inputs.Length switch
        {
            0 => throw new FileFormatException(file.Name, "graph", "it has no input.", OnnxFile.Contradictory),
            1 => inputs[0],
            _ => throw new FileFormatException(
                file.Name,
                $"input '{inputs[1].Name}'",
                $"the model wants {inputs.Length} inputs ({string.Join(", ", inputs.Select(input => input.Name))});"
                    + " a model of Fleet is fed one sequence and starts from zero.",
                "Export it with initial states and sequence lengths left out. fleet model run can run such a graph, its inputs given by name."),
        };
    }

    private static FoundNetwork Find(
        OnnxFile file, ValueInfoProto input, long[]? extents, (int First, int Second) probe, Dictionary<string, ImportedLayer> known)
    {
        var type = (DataType)(input.Type?.TensorType?.ElemType ?? (int)DataType.Float);
        var tokens = type is DataType.Int32 or DataType.Int64;
        if (!tokens && type != DataType.Float)
        {
            throw new FileFormatException(
                file.Name, $"input '{input.Name}'", $"it is of type {type}; FLOAT (features), INT32 and INT64 (tokens) are supported.", "Export it so.");
        }

        if (extents is not null && extents.Length != (tokens ? 2 : 3))
        {
            throw new FileFormatException(
                file.Name,
                $"input '{input.Name}'",
                $"it has {extents.Length} axes; {(tokens ? "steps and sequences" : "steps, sequences and features")} are expected.",
                "Export it so, with the batch axis kept.");
        }

        var (first, second) = (Extent(extents, 0, probe.First), Extent(extents, 1, probe.Second));
        var width = tokens ? 1 : Extent(extents, 2, FirstWidth(file));
        var stage = new InputStage(first, second, width, tokens);
        if ((long)first * second * width > SpareBytes / Unsafe.SizeOf<Atom>())
        {
            throw new FileFormatException(
                file.Name,
                $"input '{input.Name}'",
                $"its shape is [{first}, {second}, {width}], too large to be looked through.",
                "Export it with steps and sequences left open (dynamic_axes).");
        }

        var rules = new NetworkRules(known);
        var room = file.Initialisers.Values.Sum(array => array.Bytes) + SpareBytes;
        var outputs = new GraphRunner(file, room, rules.Apply)
            .Run(new Dictionary<string, NumericArray> { [input.Name] = stage.Atoms(tokens ? [first, second] : [first, second, width]) });
        return Network(file, rules, outputs);
    }

    // Where the file does not say how many features there are, the first recurrent node's W does.
    private static int FirstWidth(OnnxFile file) =>
        file.Graph.Node.FirstOrDefault(node => node.OpType is "LSTM" or "GRU" or "RNN") is { Input.Count: > 1 } node
            && file.Initialisers.GetValueOrDefault(node.Input[1]) is { Rank: 3 } weights ? weights.Shape[2] : 1;

    private static int Extent(long[]? extents, int axis, int usual) => extents?[axis] is > 0 and <= int.MaxValue and var extent ? (int)extent : usual;

    private static FoundNetwork Network(OnnxFile file, NetworkRules rules, IReadOnlyList<NumericArray> outputs)
    {
        if (rules.Layers.Count == 0 || rules.Input is not { } input || outputs.Count == 0)
        {
            throw new FileFormatException(
                file.Name,
                "graph",
                "it has no recurrent layer that reads its input, or no output.",
                $"Supported are, of ONNX's own domain: {Operators.Supported}.");
        }

        var name = file.Graph.Output[0].Name;
        var leftOut = file.Graph.Output.Skip(1).Select(output => $"output '{output.Name}'").ToList();
        switch (Rows.SourceOf(outputs[0]))
        {
            case HeadStage stage:
                var (steps, batch) = !stage.Head.PerStep ? (1, stage.Rows) : rules.BatchFirst ? (input.Second, input.First) : (input.First, input.Second);
                RequireAll(stage, steps, batch, stage.Head.Weight.Rows);
                if (stage.Logarithm)
                {
                    leftOut.Add("the LogSoftmax at the end: the model's outputs are logits");
                }

                return new FoundNetwork(
                    new ImportedNetwork(input.Embedding, input.Normalisation, rules.Layers, stage.Head), rules.BatchFirst, leftOut, stage.Logarithm);
            case LayerStage stage when stage.Layer == rules.Layers[^1]:
                RequireAll(stage, stage.Steps, stage.Batch, stage.Layer.Outputs);
                return new FoundNetwork(new ImportedNetwork(input.Embedding, input.Normalisation, rules.Layers, null), rules.BatchFirst, leftOut);
            default:
                throw Wrong("it is not what the last layer gives.");
        }

        // Layout operators behind the last layer may pick, drop or rearrange what it gives: a model of Fleet would not.
        void RequireAll(Stage source, int steps, int batch, int width)
        {
            if (!Rows.AreAll(outputs[0], source, steps, batch, width))
            {
                throw Wrong($"it is not all that the last layer gives, in order: {width} values for {(steps == 1 ? "each sequence" : "each step")}.");
            }
        }

        FileFormatException Wrong(string cause) => new(
            file.Name, $"output '{name}'", cause,
            "Export the model so that its first output is, as it is, that of the linear layer at the end, or that of the last recurrent layer at all steps.");
    }

    private static bool Same(ImportedNetwork one, ImportedNetwork other) =>
        one.Layers.Count == other.Layers.Count
        && one.Layers.Zip(other.Layers).All(pair => pair.First.Cell == pair.Second.Cell && pair.First.Outputs == pair.Second.Outputs)
        && one.Head?.PerStep == other.Head?.PerStep;
}
