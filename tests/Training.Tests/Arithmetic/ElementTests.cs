using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Tests.Arithmetic;

public sealed unsafe class ElementTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Softmax_is_that_of_the_library(int width)
    {
        // Relative error: a few units in the last place.
        SoftmaxAgrees(BatchArithmetic<float>.Of(width), 4e-7);
        SoftmaxAgrees(BatchArithmetic<double>.Of(width), 2e-15);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Gates_are_the_formulas_of_an_lstm(int width)
    {
        using var gates = Filled(4, [0.3, -1.2, 2.5, -60]);
        using var previous = Filled(1, [0.7]);
        using var cell = new AlignedBuffer<double>(MicroBatch.Samples);
        using var tanh = new AlignedBuffer<double>(MicroBatch.Samples);
        using var output = new AlignedBuffer<double>(MicroBatch.Samples);

        BatchArithmetic<double>.Of(width).GatesForward(1, gates.Pointer, previous.Pointer, cell.Pointer, tanh.Pointer, output.Pointer);

        var c = (Sigmoid(-1.2) * 0.7) + (Sigmoid(0.3) * Math.Tanh(2.5));
        Assert.Equal(c, cell.Span[31], 1e-14);
        Assert.Equal(Sigmoid(-60) * Math.Tanh(c), output.Span[31], 1e-14);
        Assert.Equal(Math.Tanh(2.5), gates.Span[(2 * MicroBatch.Samples) + 31], 1e-14);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void What_is_not_a_number_stays_so_and_what_is_far_out_saturates(int width)
    {
        using var gates = Filled(4, [float.NaN, 1e30, -1e30, float.PositiveInfinity]);
        using var previous = Filled(1, [0.5]);
        using var cell = new AlignedBuffer<double>(MicroBatch.Samples);
        using var tanh = new AlignedBuffer<double>(MicroBatch.Samples);
        using var output = new AlignedBuffer<double>(MicroBatch.Samples);

        BatchArithmetic<double>.Of(width).GatesForward(1, gates.Pointer, previous.Pointer, cell.Pointer, tanh.Pointer, output.Pointer);

        Assert.True(double.IsNaN(gates.Span[0]));
        Assert.True(double.IsNaN(output.Span[0]));
        Assert.Equal(1, gates.Span[MicroBatch.Samples]);
        Assert.Equal(-1, gates.Span[2 * MicroBatch.Samples]);
        Assert.Equal(1, gates.Span[3 * MicroBatch.Samples]);
    }

    [Fact]
    public void Lanes_add_up_to_the_sums_over_samples()
    {
        using var a = new AlignedBuffer<float>(2 * MicroBatch.Samples);
        using var b = new AlignedBuffer<float>(MicroBatch.Samples);
        for (var sample = 0; sample < MicroBatch.Samples; sample++)
        {
            a.Span[sample] = sample;
            a.Span[MicroBatch.Samples + sample] = 1;
            b.Span[sample] = 2;
        }

        using var products = new AlignedBuffer<float>(2 * MicroBatch.Lanes);
        using var sums = new AlignedBuffer<float>(2 * MicroBatch.Lanes);
        BatchArithmetic<float>.Best.AddLaneProducts(a.Pointer, 2, b.Pointer, products.Pointer);
        BatchArithmetic<float>.Best.AddLanes(a.Pointer, 2, sums.Pointer);

        Assert.Equal([992, 64], Collected(products));
        Assert.Equal([496, 32], Collected(sums));
        // Collecting empties the lanes.
        Assert.Equal([0, 0], Collected(sums));
    }

    private static float[] Collected(AlignedBuffer<float> lanes)
    {
        var sums = new float[2];
        fixed (float* target = sums)
        {
            LaneSums.Collect(lanes, 2, target);
        }

        return sums;
    }

    private static void SoftmaxAgrees<T>(BatchArithmetic<T> arithmetic, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int rows = 9;
        using var x = new AlignedBuffer<T>(rows * MicroBatch.Samples);
        using var p = new AlignedBuffer<T>(rows * MicroBatch.Samples);
        for (var index = 0; index < x.Length; index++)
        {
            // Each sample has its own greatest row and its own spread, up to 60.
            x.Span[index] = T.CreateTruncating(((index / MicroBatch.Samples * 7) + index) % rows * (index % MicroBatch.Samples) * 0.25);
        }

        arithmetic.Softmax(x.Pointer, rows, p.Pointer);

        for (var sample = 0; sample < MicroBatch.Samples; sample++)
        {
            var logits = Enumerable.Range(0, rows).Select(row => double.CreateTruncating(x.Span[(row * MicroBatch.Samples) + sample])).ToArray();
            var sum = logits.Sum(value => Math.Exp(value - logits.Max()));
            for (var row = 0; row < rows; row++)
            {
                var below = logits.Max() - logits[row];
                // An argument's rounding grows with it.
                Assert.Equal(
                    Math.Exp(-below) / sum, double.CreateTruncating(p.Span[(row * MicroBatch.Samples) + sample]), Math.Exp(-below) * tolerance * (1 + below));
            }
        }
    }

    private static AlignedBuffer<double> Filled(int rows, double[] values)
    {
        var buffer = new AlignedBuffer<double>(rows * MicroBatch.Samples);
        for (var row = 0; row < rows; row++)
        {
            buffer.Span.Slice(row * MicroBatch.Samples, MicroBatch.Samples).Fill(values[row]);
        }

        return buffer;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
