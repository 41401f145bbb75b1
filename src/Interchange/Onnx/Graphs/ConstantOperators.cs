using Fleet.Interchange.Arrays;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>Operators whose results are known before a model is run, once the shapes are.</summary>
internal static class ConstantOperators
{
    public static NumericArray[] Constant(NodeCall call) =>
    [
        call.Tensor("value")
            ?? (call.OptionalFloat("value_float") is { } number ? NumericArray.Scalar(number) : null)
            ?? (call.OptionalInt("value_int") is { } integer ? NumericArray.Scalar(integer) : null)
            ?? (call.FloatList("value_floats") is { } numbers ? NumericArray.Vector([.. numbers]) : null)
            ?? (call.Ints("value_ints") is { } integers ? NumericArray.Vector([.. integers]) : null)
            ?? throw call.Unsupported("it gives no tensor, number or list of numbers."),
    ];

    public static NumericArray[] ConstantOfShape(NodeCall call)
    {
        var shape = call.Result(call.Integers(0));
        var value = call.Tensor("value") ?? NumericArray.Scalar(0f);
        return value.Data.Length == 1
            ? [value.Pick(shape, new int[Extents.Elements(shape)])]
            : throw call.Wrong($"its value has {value.Data.Length} elements, but must have one.");
    }

    public static NumericArray[] Shape(NodeCall call)
    {
        var source = call.Input(0);
        var start = Place(call.Int("start", 0));
        var end = Place(call.Int("end", source.Rank));
        return [NumericArray.Vector(source.Shape.Select(extent => (long)extent).Take(end).Skip(start).ToArray())];

        int Place(long axis) => (int)Math.Clamp(axis < 0 ? axis + source.Rank : axis, 0, source.Rank);
    }

    public static NumericArray[] Cast(NodeCall call)
    {
        var source = call.Input(0);
        return [new NumericArray(source.Shape, Target(call) switch
        {
            DataType.Float => source.ToFloats(),
            DataType.Double => source.Data as double[] ?? Array.ConvertAll(source.ToFloats(), value => (double)value),
            DataType.Int64 => Integers(source),
            _ => Array.ConvertAll(Integers(source), value => (int)value),
        })];
    }

    /// <summary>The type that a Cast makes.</summary>
    public static DataType Target(NodeCall call)
    {
        var target = (DataType)call.Int("to", 0);
        return target is DataType.Float or DataType.Double or DataType.Int64 or DataType.Int32
            ? target
            : throw call.Unsupported($"it makes elements of type {target}; FLOAT, DOUBLE, INT32 and INT64 are supported.");
    }

    private static long[] Integers(NumericArray source) => source.Data is float[] or double[] or Half[]
        ? Array.ConvertAll(source.ToFloats(), value => (long)value)
        : source.ToIntegers();
}
