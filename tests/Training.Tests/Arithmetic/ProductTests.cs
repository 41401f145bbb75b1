using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Tests.Arithmetic;

public sealed unsafe class ProductTests
{
    public static TheoryData<int> Widths { get; } = [128, 256, 512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_product_is_the_sum_over_the_depth_for_every_number_of_rows(int width)
    {
        var random = new Xoshiro256(1);
        for (var rows = 1; rows <= 15; rows++)
        {
            const int depth = 5;
            using var w = Random(rows * depth, random);
            using var x = Random(depth * MicroBatch.Samples, random);
            using var y = Random((rows * MicroBatch.Samples) + 1, random);
            var before = y.Span.ToArray();
            using var packed = new PackedMatrix<double>(rows, depth);
            packed.Pack(w.Pointer, depth, 1);

            BatchArithmetic<double>.Of(width).Multiply(packed, x.Pointer, y.Pointer, add: true);

            for (var at = 0; at < rows * MicroBatch.Samples; at++)
            {
                var (row, sample) = (at / MicroBatch.Samples, at % MicroBatch.Samples);
                var expected = before[at] + Enumerable.Range(0, depth).Sum(k => w.Span[(row * depth) + k] * x.Span[(k * MicroBatch.Samples) + sample]);
                Assert.Equal(expected, y.Span[at], 1e-13);
            }

            // Nothing behind the last row is touched.
            Assert.Equal(before[^1], y.Span[^1]);
        }
    }

    [Fact]
    public void A_product_that_does_not_add_overwrites()
    {
        using var packed = new PackedMatrix<float>(7, 1);
        using var w = new AlignedBuffer<float>(7);
        w.Span.Fill(2);
        packed.Pack(w.Pointer, 1, 1);
        using var x = new AlignedBuffer<float>(MicroBatch.Samples);
        x.Span.Fill(3);
        using var y = new AlignedBuffer<float>(7 * MicroBatch.Samples);
        y.Span.Fill(float.NaN);

        BatchArithmetic<float>.Best.Multiply(packed, x.Pointer, y.Pointer, add: false);

        Assert.All(y.Span.ToArray(), value => Assert.Equal(6, value));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_of_a_product_may_lie_apart_and_what_is_between_them_stays(int width)
    {
        var random = new Xoshiro256(3);
        for (var rows = 1; rows <= 9; rows++)
        {
            const int stride = 3 * MicroBatch.Samples;
            using var w = Random(rows * 4, random);
            using var x = Random(4 * MicroBatch.Samples, random);
            using var close = new AlignedBuffer<double>(rows * MicroBatch.Samples);
            using var apart = Random(rows * stride, random);
            var expected = apart.Span.ToArray();
            using var packed = new PackedMatrix<double>(rows, 4);
            packed.Pack(w.Pointer, 4, 1);

            BatchArithmetic<double>.Of(width).Multiply(packed, x.Pointer, close.Pointer, add: false);
            BatchArithmetic<double>.Of(width).Multiply(packed, x.Pointer, apart.Pointer, stride, add: false);

            for (var row = 0; row < rows; row++)
            {
                close.Span.Slice(row * MicroBatch.Samples, MicroBatch.Samples).CopyTo(expected.AsSpan(row * stride));
            }

            Assert.Equal(expected, apart.Span.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void An_outer_product_is_the_sum_over_steps_and_samples_for_every_shape(int width)
    {
        var random = new Xoshiro256(2);
        foreach (var (rows, columns) in new[] { (1, 1), (6, 16), (7, 9), (13, 33), (5, 48), (12, 70) })
        {
            const int steps = 3;
            var stride = (rows + 6) * MicroBatch.Samples;
            using var a = Random(steps * stride, random);
            using var x = Random(steps * columns * MicroBatch.Samples, random);
            using var bySample = new BatchMajor<double>(columns, MicroBatch.GradientSteps);
            for (var step = 0; step < steps; step++)
            {
                bySample.Set(step, x.Pointer + (step * columns * MicroBatch.Samples));
            }

            var padded = BatchMajor<double>.Padded(columns);
            using var sum = new AlignedBuffer<double>(BatchArithmetic<double>.OuterRows(rows) * padded);
            sum.Span.Fill(1);

            BatchArithmetic<double>.Of(width).AddOuter(a.Pointer, rows, stride, steps, bySample, sum.Pointer);

            for (var at = 0; at < rows * columns; at++)
            {
                var (row, column) = (at / columns, at % columns);
                var expected = 1.0;
                for (var step = 0; step < steps; step++)
                {
                    for (var sample = 0; sample < MicroBatch.Samples; sample++)
                    {
                        expected += a.Span[(step * stride) + (row * MicroBatch.Samples) + sample]
                            * x.Span[(((step * columns) + column) * MicroBatch.Samples) + sample];
                    }
                }

                Assert.Equal(expected, sum.Span[(row * padded) + column], 1e-12);
            }
        }
    }

    private static AlignedBuffer<double> Random(int length, Xoshiro256 random)
    {
        var buffer = new AlignedBuffer<double>(length);
        foreach (ref var value in buffer.Span)
        {
            value = random.Normal();
        }

        return buffer;
    }
}
