using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Tests.Matrices;

/// <summary>Every way to multiply bytes gives the same integers, and so the same results to the last bit.</summary>
public sealed unsafe class Int8ProductTests
{
    private const int MaxSteps = 7;

    private static readonly (string Name, bool IsSupported)[] All =
    [
        (nameof(ScalarDot), ScalarDot.IsSupported),
        (nameof(Dot128), Dot128.IsSupported),
        (nameof(NeonDot128), NeonDot128.IsSupported),
        (nameof(VnniDot128), VnniDot128.IsSupported),
        (nameof(Dot256), Dot256.IsSupported),
        (nameof(VnniDot256), VnniDot256.IsSupported),
        (nameof(Dot512), Dot512.IsSupported),
    ];

    /// <summary>Those that this processor has: none has all.</summary>
    public static TheoryData<string> Ways => [.. All.Where(way => way.IsSupported).Select(way => way.Name)];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_gives_the_integers_of_the_definition(string way)
    {
        var random = new Random(1);
        for (var turn = 0; turn < 60; turn++)
        {
            // Every width of panel, and every number of columns that is left behind a group.
            var (rows, columns, width) = (1 + random.Next(150), 1 + random.Next(70), 1 + random.Next(8));
            var weights = new sbyte[rows * columns];
            for (var index = 0; index < weights.Length; index++)
            {
                // The greatest bytes side by side are what 16 bits would not hold; -128 is in no file of ours, but may be in another's.
                weights[index] = turn % 3 == 0 ? (sbyte)(random.Next(2) == 0 ? 127 : -128) : (sbyte)random.Next(-128, 128);
            }

            var xs = new float[MaxSteps * columns];
            for (var index = 0; index < xs.Length; index++)
            {
                xs[index] = turn % 3 == 0 ? (random.Next(2) == 0 ? 127 : -127) : random.Next(-127, 128);
            }

            // 127 is the greatest of every step, so that the scale is one and q is x.
            for (var step = 0; step < MaxSteps; step++)
            {
                xs[step * columns] = 127;
            }

            var ones = new float[rows];
            Array.Fill(ones, 1);
            var expected = new float[MaxSteps * rows];
            for (var step = 0; step < MaxSteps; step++)
            {
                for (var row = 0; row < rows; row++)
                {
                    expected[(step * rows) + row] = Enumerable.Range(0, columns)
                        .Sum(column => weights[(row * columns) + column] * (int)xs[(step * columns) + column]);
                }
            }

            Assert.Equal(expected, Products(way, rows, columns, weights, ones, xs, width));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_gives_the_same_floats_to_the_last_bit(string way)
    {
        var random = new Random(2);
        for (var turn = 0; turn < 60; turn++)
        {
            var (rows, columns, width) = (1 + random.Next(150), 1 + random.Next(200), 1 + random.Next(8));
            var weights = new sbyte[rows * columns];
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()));
            var scales = Floats(random, rows, 1e-2);
            var xs = Floats(random, MaxSteps * columns, Math.Pow(10, random.Next(-6, 4)));
            var expected = Products(nameof(ScalarDot), rows, columns, weights, scales, xs, 1);
            Assert.Equal(Bits(expected), Bits(Products(way, rows, columns, weights, scales, xs, width)));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_vector_is_quantised_to_the_nearest_byte_by_its_greatest_value(string way)
    {
        var random = new Random(3);
        foreach (var columns in (int[])[1, 3, 4, 15, 16, 17, 31, 64, 77, 650])
        {
            foreach (var size in (double[])[1e-35, 1e-20, 1, 3e38])
            {
                var x = Floats(random, columns, size);
                var (scale, q) = Operand(way, x);
                var max = x.Max(Math.Abs);
                Assert.Equal(max / 127, scale);
                Assert.Equal(127, q.Max(value => Math.Abs((int)value)));
                for (var column = 0; column < columns; column++)
                {
                    Assert.InRange(Math.Abs(x[column] - ((double)q[column] * scale)), 0, scale * (0.5 + Math.Pow(2, -15)));
                }

                var (expectedScale, expected) = Operand(nameof(ScalarDot), x);
                Assert.Equal(expectedScale, scale);
                Assert.Equal(expected, q);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Nothing_gives_nothing_and_what_is_no_number_gives_no_number(string way)
    {
        const int rows = 37;
        foreach (var columns in (int[])[1, 16, 45])
        {
            var weights = new sbyte[rows * columns];
            Array.Fill(weights, (sbyte)3);
            var scales = new float[rows];
            Array.Fill(scales, 0.5f);
            var xs = new float[MaxSteps * columns];
            Assert.All(Products(way, rows, columns, weights, scales, xs, 8), value => Assert.Equal(0, value));
            Array.Fill(xs, 1e-37f);
            Assert.All(Products(way, rows, columns, weights, scales, xs, 8), value => Assert.Equal(0, value));
            foreach (var wrong in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                Array.Fill(xs, 1);
                for (var step = 0; step < MaxSteps; step += 2)
                {
                    xs[(step * columns) + (columns / 2)] = wrong;
                }

                var products = Products(way, rows, columns, weights, scales, xs, 8);
                for (var step = 0; step < MaxSteps; step++)
                {
                    Assert.All(products[(step * rows)..((step + 1) * rows)], value => Assert.Equal(step % 2 == 0, float.IsNaN(value)));
                }
            }
        }
    }

    /// <summary>W x for every step, worked out one by one, backwards, and many at once, which must be the same.</summary>
    private static float[] Products(string way, int rows, int columns, sbyte[] weights, float[] scales, float[] xs, int width) => way switch
    {
        nameof(ScalarDot) => Products<ScalarDot>(rows, columns, weights, scales, xs, width),
        nameof(Dot128) => Products<Dot128>(rows, columns, weights, scales, xs, width),
        nameof(NeonDot128) => Products<NeonDot128>(rows, columns, weights, scales, xs, width),
        nameof(VnniDot128) => Products<VnniDot128>(rows, columns, weights, scales, xs, width),
        nameof(Dot256) => Products<Dot256>(rows, columns, weights, scales, xs, width),
        nameof(VnniDot256) => Products<VnniDot256>(rows, columns, weights, scales, xs, width),
        _ => Products<Dot512>(rows, columns, weights, scales, xs, width),
    };

    private static float[] Products<D>(int rows, int columns, sbyte[] weights, float[] scales, float[] xs, int width)
        where D : unmanaged, IDotVector<D>
    {
        var panels = new Int8Panels<D>(rows, columns, weights, scales, width);
        var stride = WeightMatrix.Padded(rows);
        var operands = new Aligned<float>(MaxSteps * panels.OperandFloats);
        var (zeros, one, many) = (new Aligned<float>(stride), new Aligned<float>(stride), new Aligned<float>(MaxSteps * stride));
        fixed (float* x = xs)
        {
            for (var step = 0; step < MaxSteps; step++)
            {
                Int8Operand.Write<D>(x + (step * columns), columns, operands.Pointer + (step * panels.OperandFloats));
            }
        }

        panels.MultiplyMany(operands.Pointer, MaxSteps, zeros.Pointer, 0, many.Pointer, stride);
        var products = new float[MaxSteps * rows];
        for (var step = 0; step < MaxSteps; step++)
        {
            panels.Multiply(operands.Pointer + (step * panels.OperandFloats), zeros.Pointer, one.Pointer, backwards: step % 2 == 1);
            one.Span[..rows].CopyTo(products.AsSpan(step * rows));
            Assert.Equal(Bits(one.Span[..rows]), Bits(many.Span.Slice(step * stride, rows)));
        }

        GC.KeepAlive(operands);
        return products;
    }

    private static (float Scale, int[] Q) Operand(string way, float[] x) => way switch
    {
        nameof(ScalarDot) => Operand<ScalarDot>(x),
        nameof(Dot128) => Operand<Dot128>(x),
        nameof(NeonDot128) => Operand<NeonDot128>(x),
        nameof(VnniDot128) => Operand<VnniDot128>(x),
        nameof(Dot256) => Operand<Dot256>(x),
        nameof(VnniDot256) => Operand<VnniDot256>(x),
        _ => Operand<Dot512>(x),
    };

    private static (float Scale, int[] Q) Operand<D>(float[] x)
        where D : unmanaged, IDotVector<D>
    {
        var operand = new Aligned<float>(Int8Operand.Floats(x.Length));
        fixed (float* source = x)
        {
            Int8Operand.Write<D>(source, x.Length, operand.Pointer);
        }

        var q = new int[x.Length];
        for (var column = 0; column < q.Length; column++)
        {
            q[column] = (sbyte)(((byte*)Int8Operand.Bytes(operand.Pointer))[column] - D.Offset);
        }

        GC.KeepAlive(operand);
        return (Int8Operand.Scale(operand.Pointer), q);
    }

    private static float[] Floats(Random random, int count, double size) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(size * ((2 * random.NextDouble()) - 1)))];

    private static int[] Bits(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), BitConverter.SingleToInt32Bits);
}
