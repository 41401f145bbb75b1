using System.Runtime.CompilerServices;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using static Fleet.Interchange.Onnx.Wire.AttributeProto.Types;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>One node with the arrays that reach it: what an operator works on.</summary>
/// <param name="number">Its place in the graph, from 0.</param>
/// <param name="inputs">Null where an optional input is not given.</param>
internal sealed class NodeCall(OnnxFile file, NodeProto node, int number, IReadOnlyList<NumericArray?> inputs, ResultBudget budget)
{
    private readonly Dictionary<string, AttributeProto> attributes = node.Attribute.GroupBy(one => one.Name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);

    public string Operator => node.OpType;

    public int Opset => file.Opset;

    public int InputCount => inputs.Count;

    /// <summary>Whether any operand is not known before the model is run.</summary>
    public bool HasAtoms => inputs.Any(input => input?.Data is Atom[]);

    /// <summary>Where messages say that something happened.</summary>
    public string Place => $"node {(node.Name.Length > 0 ? $"'{node.Name}' " : "")}(number {number},"
        + $" operator {node.OpType}{(node.Domain.Length > 0 ? $" of domain {node.Domain}" : "")})";

    /// <summary>An operand, or null where it is optional and not given.</summary>
    public NumericArray? Optional(int index) => index < inputs.Count ? inputs[index] : null;

    /// <exception cref="FileFormatException">It is not given.</exception>
    public NumericArray Input(int index) => Optional(index) ?? throw Wrong($"input {index} is missing.");

    /// <summary>An operand of integers that has to be known beforehand, such as a shape.</summary>
    /// <exception cref="FileFormatException">It is missing, or is something else.</exception>
    public long[] Integers(int index) => KnownIntegers(Input(index), index);

    /// <inheritdoc cref="Integers"/>
    public long[]? OptionalIntegers(int index) => Optional(index) is { } array ? KnownIntegers(array, index) : null;

    /// <summary>An operand of numbers that are known beforehand, as floats.</summary>
    /// <exception cref="FileFormatException">It is missing, or depends on what the model is fed.</exception>
    public float[] Floats(int index) => Constant(index).ToFloats();

    /// <summary>The same as it stands, of whatever type.</summary>
    /// <inheritdoc cref="Floats"/>
    public NumericArray Constant(int index) => Input(index) is { Data: not Atom[] } array
        ? array
        : throw Unsupported($"input {index} depends on what the model is fed; here it must be constant.");

    public long Int(string name, long usual) => Attribute(name, AttributeType.Int)?.I ?? usual;

    public long? OptionalInt(string name) => Attribute(name, AttributeType.Int)?.I;

    public float Float(string name, float usual) => Attribute(name, AttributeType.Float)?.F ?? usual;

    public float? OptionalFloat(string name) => Attribute(name, AttributeType.Float)?.F;

    public string Text(string name, string usual) => Attribute(name, AttributeType.String)?.S.ToStringUtf8() ?? usual;

    public IReadOnlyList<long>? Ints(string name) => Attribute(name, AttributeType.Ints)?.Ints;

    public IReadOnlyList<float>? FloatList(string name) => Attribute(name, AttributeType.Floats)?.Floats;

    public IReadOnlyList<string>? Texts(string name) => Attribute(name, AttributeType.Strings)?.Strings.Select(text => text.ToStringUtf8()).ToArray();

    public NumericArray? Tensor(string name) => Attribute(name, AttributeType.Tensor) is { T: { } tensor }
        ? new TensorReader(file.Name, folder: null).Read(tensor)
        : null;

    /// <summary>Counts an axis from the front.</summary>
    /// <exception cref="FileFormatException">There is no such axis.</exception>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Wrong($"axis {axis} is meant, but the array has {rank} axes.");

    /// <summary>Whether so large a result is still within what one run may make.</summary>
    /// <exception cref="FileFormatException">It is not, or an extent is negative.</exception>
    public int[] Result(params IReadOnlyList<long> shape)
    {
        if (shape.Any(extent => extent < 0))
        {
            throw Wrong($"its result would have the shape {Extents.Text(shape)}.");
        }

        return budget.Take(Extents.Room(shape), ElementBytes)
            ? [.. shape.Select(extent => (int)extent)]
            : throw Unsupported($"its result would have the shape {Extents.Text(shape)}, more than a run may hold.");
    }

    // What an element of its result takes at the most: the widest of its operands', or a float.
    private int ElementBytes => inputs.Max(input => (int?)(input?.Data switch
    {
        Atom[] => Unsafe.SizeOf<Atom>(),
        long[] or double[] => sizeof(long),
        _ => sizeof(float),
    })) ?? sizeof(float);

    /// <summary>The model contradicts ONNX's own rules.</summary>
    public FileFormatException Wrong(string cause) => new(file.Name, Place, cause, OnnxFile.Contradictory);

    /// <summary>The model may be sound, but Fleet cannot take it.</summary>
    public FileFormatException Unsupported(string cause, string? remedy = null) =>
        new(file.Name, Place, cause, remedy ?? "docs/interchange.md lists what is supported.");

    private long[] KnownIntegers(NumericArray array, int index) => array.Data switch
    {
        Atom[] => throw Unsupported($"input {index} depends on what the model is fed; here it must be constant."),
        long[] or int[] or sbyte[] or byte[] => array.ToIntegers(),
        _ => throw Wrong($"input {index} must be integers, but is {array.Data.GetType().GetElementType()!.Name}."),
    };

    private AttributeProto? Attribute(string name, AttributeType type)
    {
        if (!attributes.TryGetValue(name, out var attribute))
        {
            return null;
        }

        // Files of early exporters leave the type out.
        return attribute.Type == type || attribute.Type == AttributeType.Undefined
            ? attribute
            : throw Wrong($"attribute '{name}' is of type {attribute.Type}; {type} is expected.");
    }
}

/// <summary>How many bytes the results of one run may take together, so that no graph asks for more memory than there is.</summary>
internal sealed class ResultBudget(long bytes)
{
    private long left = bytes;

    public bool Take(long count, int elementBytes) => count <= left / elementBytes && (left -= count * elementBytes) >= 0;
}
