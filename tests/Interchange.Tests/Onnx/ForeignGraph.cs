using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Wire;
using Google.Protobuf;
using static Fleet.Interchange.Onnx.Files.GraphWriter;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>Graphs in the manner of other programs' exporters, with random weights.</summary>
internal sealed class ForeignGraph
{
    private readonly Random random = new(5);
    private readonly int opset;

    /// <param name="extents">Of the input; a text leaves one open.</param>
    public ForeignGraph(int opset, DataType type, params IReadOnlyList<object> extents)
    {
        this.opset = opset;
        Graph.Input("x", type, extents);
    }

    public GraphWriter Graph { get; } = new("foreign", withData: true);

    /// <summary>Y, Y_h and, of an LSTM, Y_c.</summary>
    public string[] Recurrent(
        string kind, string x, int input, int hidden, string direction = "forward", string initial = "", params IReadOnlyList<AttributeProto> attributes)
    {
        var gates = kind switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        var directions = direction == "bidirectional" ? 2 : 1;
        var inputs = new List<string>
        {
            x,
            Weights(directions, gates * hidden, input),
            Weights(directions, gates * hidden, hidden),
            Weights(directions, 2 * gates * hidden),
        };
        if (initial.Length > 0)
        {
            inputs.AddRange(["", initial]);
        }

        return Graph.Nodes(kind, inputs, kind == "LSTM" ? 3 : 2, [Attribute("hidden_size", hidden), Attribute("direction", direction), .. attributes]);
    }

    public string Squeeze(string value, params long[] axes) => opset < 13
        ? Graph.Node("Squeeze", [value], Attribute("axes", axes))
        : Graph.Node("Squeeze", [value, Graph.Integers(axes)]);

    public string Unsqueeze(string value, params long[] axes) => opset < 13
        ? Graph.Node("Unsqueeze", [value], Attribute("axes", axes))
        : Graph.Node("Unsqueeze", [value, Graph.Integers(axes)]);

    public string Slice(string value, long start, long end, long axis) => opset < 10
        ? Graph.Node("Slice", [value], Attribute("starts", [start]), Attribute("ends", [end]), Attribute("axes", [axis]))
        : Graph.Node("Slice", [value, Graph.Integers(start), Graph.Integers(end), Graph.Integers(axis)]);

    public string Transpose(string value, params long[] order) => Graph.Node("Transpose", [value], Attribute("perm", order));

    public string Weights(params int[] shape) =>
        Graph.Floats($"w{Graph.Graph.Initializer.Count}", shape, () =>
            [.. Enumerable.Range(0, shape.Aggregate(1, (one, other) => one * other)).Select(_ => (float)(random.NextDouble() - 0.5))]);

    /// <summary>As PyTorch writes a Linear.</summary>
    public string Linear(string value, int inputs, int outputs) =>
        Graph.Node("Gemm", [value, Weights(outputs, inputs), Weights(outputs)], Attribute("transB", 1), Attribute("alpha", 1f), Attribute("beta", 1f));

    public byte[] Bytes(string output) => Model(output).ToByteArray();

    public ModelProto Model(params IReadOnlyList<string> outputs)
    {
        foreach (var output in outputs)
        {
            Graph.Output(output);
        }

        return new ModelProto { IrVersion = 7, ProducerName = "other", Graph = Graph.Graph, OpsetImport = { new OperatorSetIdProto { Version = opset } } };
    }
}
