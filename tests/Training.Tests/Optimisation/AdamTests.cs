using Fleet.Training.Arithmetic;
using Fleet.Training.Optimisation;

namespace Fleet.Training.Tests.Optimisation;

public sealed unsafe class AdamTests
{
    [Fact]
    public void Two_steps_are_as_worked_out_by_hand()
    {
        using var optimiser = new AdamOptimiser<double>(BatchArithmetic<double>.Best, MicroBatch.Lanes, clipNorm: 1000);
        using var weights = Filled(1.0);
        using var gradient = Filled(0);

        // t = 1, g = 2: m = 0.2, v = 0.004; m^ = 2, v^ = 4; w = 1 - 0.1 * 2 / (2 + 1e-8).
        gradient.Span[0] = 2;
        optimiser.Step(weights.Pointer, gradient.Pointer, rate: 0.1);
        Assert.Equal(0.9000000005, weights.Span[0], 1e-12);

        // t = 2, g = -1: m = 0.18 - 0.1 = 0.08, v = 0.003996 + 0.001 = 0.004996; m^ = 0.08 / 0.19 = 0.42105263,
        // v^ = 0.004996 / 0.001999 = 2.49924962, root 1.58090152; w -= 0.05 * 0.42105263 / 1.58090153 = 0.01331685.
        gradient.Span[0] = -1;
        optimiser.Step(weights.Pointer, gradient.Pointer, rate: 0.05);
        Assert.Equal(0.9000000005 - 0.01331685, weights.Span[0], 1e-8);
        Assert.Equal(0.08, optimiser.First.Span[0], 1e-15);
        Assert.Equal(0.004996, optimiser.Second.Span[0], 1e-15);
        // A weight without a gradient stays where it is.
        Assert.Equal(1.0, weights.Span[1]);
    }

    [Fact]
    public void A_gradient_above_the_norm_is_scaled_down_to_it()
    {
        using var optimiser = new AdamOptimiser<double>(BatchArithmetic<double>.Best, MicroBatch.Lanes, clipNorm: 1);
        using var weights = Filled(0);
        using var gradient = Filled(0);
        (gradient.Span[0], gradient.Span[1]) = (3, 4);

        var norm = optimiser.Step(weights.Pointer, gradient.Pointer, rate: 0.1);

        Assert.Equal(5, norm);
        // 3 / 5 and 4 / 5 of norm 1; m = (1 - 0.9) g.
        Assert.Equal(0.06, optimiser.First.Span[0], 1e-15);
        Assert.Equal(0.08, optimiser.First.Span[1], 1e-15);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_changes_nothing()
    {
        using var optimiser = new AdamOptimiser<double>(BatchArithmetic<double>.Best, MicroBatch.Lanes, clipNorm: 1);
        using var weights = Filled(1);
        using var gradient = Filled(double.NaN);

        Assert.True(double.IsNaN(optimiser.Step(weights.Pointer, gradient.Pointer, rate: 0.1)));

        Assert.All(weights.Span.ToArray(), weight => Assert.Equal(1, weight));
        Assert.Equal(0, optimiser.Steps);
    }

    [Fact]
    public void A_resumed_optimiser_makes_the_very_same_step()
    {
        using var straight = new AdamOptimiser<float>(BatchArithmetic<float>.Best, MicroBatch.Lanes, clipNorm: 1);
        using var resumed = new AdamOptimiser<float>(BatchArithmetic<float>.Best, MicroBatch.Lanes, clipNorm: 1);
        using var weights = new AlignedBuffer<float>(MicroBatch.Lanes);
        using var copy = new AlignedBuffer<float>(MicroBatch.Lanes);
        using var gradient = new AlignedBuffer<float>(MicroBatch.Lanes);
        gradient.Span.Fill(0.3f);
        for (var step = 0; step < 100; step++)
        {
            straight.Step(weights.Pointer, gradient.Pointer, rate: 0.01);
        }

        weights.Span.CopyTo(copy.Span);
        straight.First.Span.CopyTo(resumed.First.Span);
        straight.Second.Span.CopyTo(resumed.Second.Span);
        resumed.Resume(straight.Steps);
        straight.Step(weights.Pointer, gradient.Pointer, rate: 0.01);
        resumed.Step(copy.Pointer, gradient.Pointer, rate: 0.01);

        Assert.Equal(weights.Span.ToArray(), copy.Span.ToArray());
    }

    private static AlignedBuffer<double> Filled(double value)
    {
        var buffer = new AlignedBuffer<double>(MicroBatch.Lanes);
        buffer.Span.Fill(value);
        return buffer;
    }
}
