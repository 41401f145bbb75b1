using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Onnx.Export;

/// <summary>A dense layer as ONNX's own LSTM, GRU or RNN.</summary>
internal static class OperatorLayer
{
    /// <summary>Whether ONNX has an operator for it.</summary>
    public static bool Fits(LayerStructure layer) =>
        layer.Shape.Kind != CellShape.FastGrnn && layer.Cells.All(cell => cell.Matrices.All(pair => pair.Matrix is DenseStructure));

    /// <inheritdoc cref="ScanLayer.Write"/>
    public static (string All, string Last) Write(GraphWriter graph, LayerStructure layer, int index, string x, Func<string, Tensor> tensor)
    {
        var results = Node(graph, layer, index, x, [], tensor);
        if (layer.Cells.Count == 1)
        {
            return (graph.Node("Squeeze", [results[0], graph.Integers(1)]), graph.Node("Squeeze", [results[1], graph.Integers(0)]));
        }

        // [steps, directions, batch, hidden] and [directions, batch, hidden]: the directions of one step side by side.
        var all = graph.Node("Transpose", [results[0]], GraphWriter.Attribute("perm", [0L, 2, 1, 3]));
        var last = graph.Node("Transpose", [results[1]], GraphWriter.Attribute("perm", [1L, 0, 2]));
        return (graph.Node("Reshape", [all, graph.Integers(0, 0, -1)]), graph.Node("Reshape", [last, graph.Integers(0, -1)]));
    }

    /// <summary>One step of a forward layer.</summary>
    /// <param name="x">[1, batch, input]</param>
    /// <param name="states">h and, of an LSTM, c: [1, batch, hidden].</param>
    /// <returns>The next of each.</returns>
    public static IReadOnlyList<string> Step(
        GraphWriter graph, LayerStructure layer, int index, string x, IReadOnlyList<string> states, Func<string, Tensor> tensor) =>
        Node(graph, layer, index, x, states, tensor)[1..];

    // Y, Y_h, and of an LSTM that is given states, Y_c.
    private static string[] Node(GraphWriter graph, LayerStructure layer, int index, string x, IReadOnlyList<string> states, Func<string, Tensor> tensor)
    {
        var (shape, directions) = (layer.Shape, layer.Cells.Count);
        var prefix = $"layers.{index}.";
        var rows = shape.Gates * shape.Hidden;
        var order = GateOrder.OfOnnx(Cell(shape));
        var w = graph.Floats(prefix + "W", [directions, rows, shape.Input], () => Stack(place => GateOrder.Give(Tensor(place, "input.weight"), order)));
        var r = graph.Floats(prefix + "R", [directions, rows, shape.Hidden], () => Stack(place => GateOrder.Give(Recurrent(place), order)));
        var b = graph.Floats(prefix + "B", [directions, 2 * rows], () =>
            Stack(place => [.. GateOrder.Give(Tensor(place, CellTensors.Bias), order), .. GateOrder.Give(RecurrentBias(place), order)]));
        var inputs = new List<string> { x, w, r, b };
        if (states.Count > 0)
        {
            inputs.AddRange(["", .. states]);
        }

        if (shape.Peepholes)
        {
            inputs.AddRange(Enumerable.Repeat("", 7 - inputs.Count));
            inputs.Add(graph.Floats(prefix + "P", [directions, 3 * shape.Hidden], () =>
                Stack(place => GateOrder.Give(Tensor(place, CellTensors.Peepholes), GateOrder.PeepholesOfOnnx))));
        }

        var attributes = new List<AttributeProto>
        {
            GraphWriter.Attribute("hidden_size", shape.Hidden),
            GraphWriter.Attribute("direction", layer.Direction.ToString().ToLowerInvariant()),
        };
        if (shape.Relu)
        {
            attributes.Add(GraphWriter.Attribute("activations", Enumerable.Repeat("Relu", directions)));
        }

        if (shape.Kind == CellShape.Gru)
        {
            attributes.Add(GraphWriter.Attribute("linear_before_reset", shape.ResetBefore ? 0 : 1));
        }

        return graph.Nodes(shape.Kind.ToUpperInvariant(), inputs, states.Count > 1 ? 3 : 2, attributes);

        ReadOnlySpan<float> Tensor(int place, string name) => tensor(ModelDocument.CellPrefix(index, layer.IsReverse(place)) + name).Floats;

        float[] Stack(Func<int, float[]> part) => [.. Enumerable.Range(0, directions).SelectMany(part)];

        float[] Recurrent(int place) => shape.CandidateGates == 0
            ? Tensor(place, "recurrent.weight").ToArray()
            : [.. Tensor(place, "recurrent.weight"), .. Tensor(place, "candidate.weight")];

        // Only a candidate that is multiplied by the reset gate has one of its own.
        float[] RecurrentBias(int place)
        {
            var bias = new float[rows];
            if (shape is { Kind: CellShape.Gru, ResetBefore: false })
            {
                Tensor(place, CellTensors.CandidateBias).CopyTo(bias.AsSpan(2 * shape.Hidden));
            }

            return bias;
        }
    }

    private static ImportedCell Cell(CellShape shape) => shape.Kind switch
    {
        CellShape.Lstm => ImportedCell.Lstm,
        CellShape.Gru => shape.ResetBefore ? ImportedCell.GruResetBefore : ImportedCell.GruResetAfter,
        _ => shape.Relu ? ImportedCell.RnnRelu : ImportedCell.RnnTanh,
    };
}
