using Fleet.Tasks.Data;
using Fleet.Tasks.Synthetic;

namespace Fleet.Tasks.Tests.Synthetic;

public sealed class SyntheticHarTests
{
    private static readonly TaskDataSet Default = SyntheticHar.Make();

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        var again = SyntheticHar.Make();

        Assert.Equal(Default.Training.Inputs, again.Training.Inputs);
        Assert.Equal(Default.Test.Labels, again.Test.Labels);
        Assert.NotEqual(Default.Training.Inputs, SyntheticHar.Make(seed: 1).Training.Inputs);
    }

    [Fact]
    public void Every_class_has_as_many_windows_as_the_others_and_every_value_is_finite()
    {
        foreach (var part in new[] { Default.Training, Default.Test })
        {
            Assert.All(part.Labels.GroupBy(label => label), group => Assert.Equal(part.Samples / 6, group.Count()));
            Assert.True(Array.TrueForAll(part.Inputs, float.IsFinite));
        }
    }

    [Fact]
    public void Eighty_people_of_24_windows_each_are_trained_on() =>
        Assert.All(Default.Training.Groups!.CountBy(person => person), (person, index) => Assert.Equal((index, 24), ((int)person.Key, person.Value)));

    [Fact]
    public void Total_acceleration_is_about_one_g_and_the_still_are_stiller_than_those_who_walk()
    {
        for (var sample = 0; sample < Default.Test.Samples; sample++)
        {
            var window = Default.Test.Sequence(sample);
            double x = 0, y = 0, z = 0, movement = 0;
            for (var step = 64; step < 128; step++)
            {
                var values = window.Slice(step * 9, 9);
                x += values[6] / 64;
                y += values[7] / 64;
                z += values[8] / 64;
                movement += ((values[0] * values[0]) + (values[1] * values[1]) + (values[2] * values[2])) / 64;
            }

            Assert.InRange(Math.Sqrt((x * x) + (y * y) + (z * z)), 0.75, 1.25);
            Assert.True(Default.Test.Labels[sample] < 3 == movement > 0.008, $"Sample {sample} of class {Default.Test.Labels[sample]} moves by {movement}.");
        }
    }

    [Fact]
    public void Classes_can_be_told_apart_but_not_by_the_mean_alone()
    {
        var accuracy = NearestCentroid();

        // Six classes: by chance 0.17. A model that sees no more than each channel's mean must leave something to learn.
        Assert.InRange(accuracy, 0.4, 0.85);
    }

    private static double NearestCentroid()
    {
        var centroids = new double[6, 9];
        for (var sample = 0; sample < Default.Training.Samples; sample++)
        {
            var mean = Mean(Default.Training.Sequence(sample));
            for (var channel = 0; channel < 9; channel++)
            {
                centroids[Default.Training.Labels[sample], channel] += mean[channel] * 6 / Default.Training.Samples;
            }
        }

        var right = 0;
        for (var sample = 0; sample < Default.Test.Samples; sample++)
        {
            var mean = Mean(Default.Test.Sequence(sample));
            var nearest = Enumerable.Range(0, 6).MinBy(label => Enumerable.Range(0, 9).Sum(channel =>
                (mean[channel] - centroids[label, channel]) * (mean[channel] - centroids[label, channel])));
            right += nearest == Default.Test.Labels[sample] ? 1 : 0;
        }

        return (double)right / Default.Test.Samples;
    }

    private static double[] Mean(ReadOnlySpan<float> window)
    {
        var mean = new double[9];
        for (var index = 0; index < window.Length; index++)
        {
            mean[index % 9] += window[index] / 128;
        }

        return mean;
    }
}
