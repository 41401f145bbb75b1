using System.Runtime.InteropServices;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Structures;
using Google.Protobuf;
using static Fleet.Interchange.Onnx.Wire.AttributeProto.Types;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Onnx.Files;

/// <summary>Writes a graph node by node. A body within it names the outer graph's values and keeps its constants there.</summary>
internal sealed class GraphWriter
{
    private readonly GraphWriter? outer;
    private readonly bool withData;
    private readonly Dictionary<string, (string Bytes, string Scale)> quantised = new(StringComparer.Ordinal);
    private int names;

    /// <param name="name">Of the graph.</param>
    /// <param name="precision">How its weights are written and multiplied.</param>
    /// <param name="withData">Whether weights get their elements; without, only their names, types and shapes.</param>
    public GraphWriter(string name, bool withData, Precision precision = Precision.Fp32)
    {
        this.withData = withData;
        Precision = precision;
        Graph.Name = name;
    }

    private GraphWriter(string name, GraphWriter outer)
        : this(name, outer.withData, outer.Precision) => this.outer = outer;

    public GraphProto Graph { get; } = new();

    public Precision Precision { get; }

    /// <summary>The outermost graph, where what does not change from step to step is computed.</summary>
    public GraphWriter Root => outer?.Root ?? this;

    public GraphWriter Body(string name) => new(name, this);

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string operation, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes) =>
        Nodes(operation, inputs, 1, attributes)[0];

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

    /// <summary>A segment of the last axis.</summary>
    public string Slice(string value, int start, int count) => Node("Slice", [value, Integers(start), Integers(start + count), Integers(-1)]);

    /// <summary>A constant of floats.</summary>
    /// <param name="elements">Made only if they are written.</param>
    public string Floats(string name, IReadOnlyList<int> shape, Func<float[]> elements) => Constant(name, DataType.Float, shape, elements);

    /// <summary>A constant of signed bytes.</summary>
    /// <inheritdoc cref="Floats"/>
    public string Bytes(string name, IReadOnlyList<int> shape, Func<sbyte[]> elements) => Constant(name, DataType.Int8, shape, elements);

    /// <summary>A constant of zeros and ones.</summary>
    /// <inheritdoc cref="Floats"/>
    public string Flags(string name, IReadOnlyList<int> shape, Func<byte[]> elements) => Constant(name, DataType.Uint8, shape, elements);

    /// <summary>
    /// A vector on the last axis as bytes and a scale, as Fleet's int8 products read it: s = max |x| / 127, q = round(x / s), half to even.
    /// </summary>
    /// <returns>Names of q (INT8) and s.</returns>
    public (string Bytes, string Scale) Quantised(string value)
    {
        if (!quantised.TryGetValue(value, out var known))
        {
            // Below the least, a vector counts as zero; nothing is divided by it.
            var min = Root.Shared("int8.least", 1e-36f);
            var greatest = Root.Shared("int8.greatest", 127f);
            var max = Node("Max", [Node("ReduceMax", [Node("Abs", [value])], Attribute("axes", [-1L]), Attribute("keepdims", 1)), min]);
            var rounded = Node("Round", [Node("Mul", [value, Node("Div", [greatest, max])])]);
            known = (Node("Cast", [rounded], Attribute("to", (long)DataType.Int8)), Node("Div", [max, greatest]));
            quantised.Add(value, known);
        }

        return known;
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
    public static T[] Transposed<T>(ReadOnlySpan<T> matrix, int rows, int columns)
    {
        var transposed = new T[matrix.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return transposed;
    }

    // A number that many products need.
    private string Shared(string name, float value) =>
        Graph.Initializer.Any(known => known.Name == name) ? name : Floats(name, [1], () => [value]);

    private string Constant<T>(string name, DataType type, IReadOnlyList<int> shape, Func<T[]> elements)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.AddRange(shape.Select(extent => (long)extent));
        if (withData)
        {
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(elements()));
        }

        Root.Graph.Initializer.Add(tensor);
        return name;
    }

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
