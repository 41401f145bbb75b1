using System.Runtime.InteropServices;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx.Wire;
using Google.Protobuf;
using static Fleet.Interchange.Onnx.Wire.AttributeProto.Types;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Onnx.Export;

/// <summary>Writes a graph node by node. A body within it names the outer graph's values and keeps its constants there.</summary>
internal sealed class GraphWriter
{
    private readonly GraphWriter? outer;
    private readonly bool withData;
    private int names;

    /// <param name="name">Of the graph.</param>
    /// <param name="withData">Whether weights get their elements; without, only their names, types and shapes.</param>
    public GraphWriter(string name, bool withData)
    {
        this.withData = withData;
        Graph.Name = name;
    }

    private GraphWriter(string name, GraphWriter outer)
        : this(name, outer.withData) => this.outer = outer;

    public GraphProto Graph { get; } = new();

    private GraphWriter Root => outer?.Root ?? this;

    public GraphWriter Body(string name) => new(name, this);

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string operation, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes) => Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node whose one output has a given name.</summary>
    public string Named(string output, string operation, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes)
    {
        Add(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node with several outputs; their names are made.</summary>
    public string[] Nodes(string operation, IReadOnlyList<string> inputs, int outputs, params IReadOnlyList<AttributeProto> attributes)
    {
        string[] made = [.. Enumerable.Range(0, outputs).Select(_ => $"v{Root.names++}")];
        Add(operation, inputs, made, attributes);
        return made;
    }

    /// <summary>Equal parts along the last axis; the value itself where it is one part.</summary>
    public string[] Split(string value, int parts) => parts == 1 ? [value] : Nodes("Split", [value], parts, Attribute("axis", -1));

    /// <summary>Values one behind the other along the last axis; the value itself where there is one.</summary>
    public string Concat(IReadOnlyList<string> values) => values.Count == 1 ? values[0] : Node("Concat", values, Attribute("axis", -1));

    /// <summary>The first values along the last axis.</summary>
    public string First(string value, int count) => Node("Slice", [value, Integers(0), Integers(count), Integers(-1)]);

    /// <summary>A constant of floats.</summary>
    /// <param name="elements">Made only if they are written.</param>
    public string Floats(string name, IReadOnlyList<int> shape, Func<float[]> elements)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float };
        tensor.Dims.AddRange(shape.Select(extent => (long)extent));
        if (withData)
        {
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(elements()));
        }

        Root.Graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>A constant vector of integers: a shape, axes. One of each value is kept.</summary>
    public string Integers(params long[] values)
    {
        var name = $"ints_{string.Join('_', values)}".Replace('-', 'm');
        if (Root.Graph.Initializer.All(known => known.Name != name))
        {
            var tensor = new TensorProto { Name = name, DataType = (int)DataType.Int64, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values)) };
            tensor.Dims.Add(values.Length);
            Root.Graph.Initializer.Add(tensor);
        }

        return name;
    }

    public void Input(string name, DataType type, params IReadOnlyList<object> extents) => Graph.Input.Add(Value(name, type, extents));

    public void Output(string name, params IReadOnlyList<object> extents) => Graph.Output.Add(Value(name, DataType.Float, extents));

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, string value) => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Attribute(string name, GraphProto value) => new() { Name = name, Type = AttributeType.Graph, G = value };

    public static AttributeProto Attribute(string name, params IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Attribute(string name, params IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    /// <summary>Rows become columns.</summary>
    public static float[] Transposed(ReadOnlySpan<float> matrix, int rows, int columns) =>
        (float[])new NumericArray([rows, columns], matrix.ToArray()).Pick([columns, rows], Extents.Walk([columns, rows], [1, columns])).Data;

    private void Add(string operation, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"{operation}_{Graph.Node.Count}" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        Graph.Node.Add(node);
    }

    // Without extents, the shape is left open.
    private static ValueInfoProto Value(string name, DataType type, IReadOnlyList<object> extents)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (extents.Count > 0)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.AddRange(extents.Select(extent => extent is int known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = (string)extent }));
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
