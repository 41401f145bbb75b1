using Fleet.Kernels.Simd;
using Fleet.Tasks.Metrics;
using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Tests.Metrics;

public sealed class MeanNatsTests
{
    [Fact]
    public void The_interval_is_that_of_the_means_of_thirty_blocks()
    {
        // Blocks of two tokens with means 1 and 3 in turn: mean 2, s^2 = 30 / 29, half = 2.04523 sqrt(1 / 29).
        double[] nats = [.. Enumerable.Range(0, 60).Select(token => token / 2 % 2 == 0 ? (token % 2 == 0 ? 0.5 : 1.5) : (token % 2 == 0 ? 2.0 : 4.0))];

        var mean = MeanNats.Of(nats);

        Assert.Equal((2.0, 60), (mean.Value, mean.Tokens));
        Assert.Equal(2.0452296421327034 / Math.Sqrt(29), mean.High!.Value - 2, 1e-12);
        Assert.Equal(4, mean.Low!.Value + mean.High.Value, 1e-12);
    }

    [Fact]
    public void Of_dependent_tokens_the_interval_covers_the_mean_about_as_often_as_it_promises()
    {
        // An autoregression with mean 2 whose neighbours correlate by 0.8: an interval that took tokens as independent would be a
        // third as wide and cover it in half of the cases.
        const int texts = 400;
        var covered = 0;
        for (var text = 0; text < texts; text++)
        {
            var random = new Xoshiro256(7, text);
            var nats = new double[3000];
            var state = 0.0;
            for (var token = 0; token < nats.Length; token++)
            {
                state = (0.8 * state) + random.Normal();
                nats[token] = 2 + state;
            }

            var mean = MeanNats.Of(nats);
            covered += mean.Low <= 2 && 2 <= mean.High ? 1 : 0;
        }

        Assert.InRange((double)covered / texts, 0.91, 0.98);
    }

    [Fact]
    public void Too_few_tokens_have_a_mean_and_no_interval()
    {
        var mean = MeanNats.Of([1, 2, 6]);

        Assert.Equal((3, null, null, 3), (mean.Value, mean.Low, mean.High, mean.Tokens));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanNats.Of([]));
    }

    [Fact]
    public void A_softmax_tells_the_nats_of_likely_and_of_unlikely_tokens()
    {
        // p = e^2 / (e^1 + e^2 + e^0) = 0.66524; e^-80 is a float, too.
        Assert.Equal(-Math.Log(0.66524096), Nats([1, 2, 0], 1), 1e-6);
        Assert.Equal(80, Nats([80, 0], 1), 1e-4);
    }

    [Fact]
    public void A_broken_model_is_no_cross_entropy() =>
        Assert.Throws<ArithmeticException>(() => Nats([1, float.NaN, 2], 0));

    private static double Nats(float[] logits, int token)
    {
        Softmax.Apply(logits);
        return MeanNats.OfProbability(logits[token]);
    }
}
