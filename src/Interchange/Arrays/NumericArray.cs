using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Fleet.Interchange.Arrays;

/// <summary>Numbers with a shape, row-major: what NumPy files and ONNX tensors hold.</summary>
public sealed record NumericArray
{
    /// <exception cref="ArgumentException">The shape asks for another number of elements than there are.</exception>
    public NumericArray(IReadOnlyList<int> shape, Array data)
    {
        if (Extents.Elements(shape) != data.Length)
        {
            throw new ArgumentException($"{data.Length} elements do not fill the shape {Extents.Text(shape)}.", nameof(data));
        }

        Shape = shape;
        Data = data;
    }

    /// <summary>Extents, outermost first; none for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>A one-dimensional array of the element type.</summary>
    public Array Data { get; }

    public int Rank => Shape.Count;

    /// <summary>What the elements take in memory.</summary>
    internal long Bytes => Data switch
    {
        // The runtime does not count it among its primitive types.
        Half[] halves => 2L * halves.Length,
        Atom[] atoms => (long)Unsafe.SizeOf<Atom>() * atoms.Length,
        _ => Buffer.ByteLength(Data),
    };

    public string ShapeText => Extents.Text(Shape);

    public static NumericArray Scalar<T>(T value) => new([], new[] { value });

    public static NumericArray Vector<T>(params T[] values) => new([values.Length], values);

    /// <summary>The elements as 32-bit floats; those of another number type are converted, rounded to nearest.</summary>
    /// <exception cref="InvalidOperationException">The elements are not numeric.</exception>
    public float[] ToFloats() => Data switch
    {
        float[] floats => floats,
        double[] doubles => Array.ConvertAll(doubles, value => (float)value),
        Half[] halves => Array.ConvertAll(halves, value => (float)value),
        _ => Array.ConvertAll(ToIntegers(), value => (float)value),
    };

    /// <summary>A segment of what <see cref="ToFloats"/> gives, without converting the rest.</summary>
    /// <inheritdoc cref="ToFloats"/>
    public void CopyFloats(int start, Span<float> target)
    {
        switch (Data)
        {
            case float[] floats:
                floats.AsSpan(start, target.Length).CopyTo(target);
                break;
            case Half[] halves:
                for (var element = 0; element < target.Length; element++)
                {
                    target[element] = (float)halves[start + element];
                }

                break;
            case double[] doubles:
                for (var element = 0; element < target.Length; element++)
                {
                    target[element] = (float)doubles[start + element];
                }

                break;
            default:
                ToFloats().AsSpan(start, target.Length).CopyTo(target);
                break;
        }
    }

    /// <summary>The elements as 64-bit integers.</summary>
    /// <exception cref="InvalidOperationException">The elements are no integers.</exception>
    public long[] ToIntegers() => TryIntegers(out var integers)
        ? integers
        : throw new InvalidOperationException($"Integers are needed, but these are {Data.GetType().GetElementType()!.Name}.");

    /// <summary>The same elements, in another shape of as many.</summary>
    public NumericArray Reshape(IReadOnlyList<int> shape) => new(shape, Data);

    /// <summary>An array of <paramref name="shape"/> whose element i is this one's element <paramref name="from"/>[i].</summary>
    public NumericArray Pick(IReadOnlyList<int> shape, int[] from) => new(shape, Data switch
    {
        float[] source => Pick(source, from),
        double[] source => Pick(source, from),
        Half[] source => Pick(source, from),
        long[] source => Pick(source, from),
        int[] source => Pick(source, from),
        byte[] source => Pick(source, from),
        sbyte[] source => Pick(source, from),
        Atom[] source => Pick(source, from),
        _ => throw new NotSupportedException($"Arrays of {Data.GetType().GetElementType()!.Name} are not handled."),
    });

    private static T[] Pick<T>(T[] source, int[] from) => Array.ConvertAll(from, index => source[index]);

    private bool TryIntegers([NotNullWhen(true)] out long[]? integers)
    {
        integers = Data switch
        {
            long[] longs => longs,
            int[] ints => Array.ConvertAll(ints, value => (long)value),
            byte[] bytes => Array.ConvertAll(bytes, value => (long)value),
            sbyte[] bytes => Array.ConvertAll(bytes, value => (long)value),
            _ => null,
        };
        return integers is not null;
    }
}
