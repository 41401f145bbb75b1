using Fleet.Tasks.Data;
using Fleet.Training.Data;

namespace Fleet.Training.Tests.Data;

public sealed class NormalisationTests
{
    [Fact]
    public void Mean_and_scale_are_of_the_chosen_samples_alone()
    {
        // Two features; the third sample is not looked at. Feature 0: 1, 3, 5, 7: mean 4, variance 5. Feature 1 never changes.
        var data = new SequenceSet(2, 2, [1, 9, 3, 9, 5, 9, 7, 9, 1000, -1000, 1000, -1000], [0, 0, 0]);

        var normalisation = Normalisation.Of(data, [0, 1]);

        Assert.Equal([4, 9], normalisation.Mean);
        Assert.Equal((float)(1 / Math.Sqrt(5)), normalisation.Scale[0]);
        Assert.Equal(1, normalisation.Scale[1]);
        var applied = normalisation.Apply(data);
        Assert.Equal((1 - 4f) * normalisation.Scale[0], applied.Inputs[0]);
        Assert.Equal(0, applied.Inputs[1]);
    }
}
