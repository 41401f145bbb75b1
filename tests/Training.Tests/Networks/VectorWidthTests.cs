using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

public sealed unsafe class VectorWidthTests
{
    private const int Samples = 32;

    public static TheoryData<string, double, string> Methods => SmallNetworks.Methods;

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_vector_width_gives_the_same_bits(string method, double compression, string arguments)
    {
        var narrow = LogitsAndGradient(128, method, compression, arguments);

        Assert.Equal(narrow, LogitsAndGradient(256, method, compression, arguments));
        Assert.Equal(narrow, LogitsAndGradient(512, method, compression, arguments));
        Assert.Contains(narrow, value => value != 0);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Samples_that_are_not_there_change_nothing(string method, double compression, string arguments)
    {
        // Five samples alone, and the same five after a full shard has left its traces in the memory.
        using var network = SmallNetworks.Create(SmallNetworks.Structure(method, compression, arguments), BatchArithmetic<float>.Best);
        using var shard = new LstmShard<float>(network, SmallNetworks.Steps);
        var data = SmallNetworks.Data<float>(Samples);
        var alone = Run(network, shard, data, 5);
        Run(network, shard, data, Samples);

        Assert.Equal(alone, Run(network, shard, data, 5));
    }

    private static float[] LogitsAndGradient(int width, string method, double compression, string arguments)
    {
        using var network = SmallNetworks.Create(SmallNetworks.Structure(method, compression, arguments), BatchArithmetic<float>.Of(width));
        using var shard = new LstmShard<float>(network, SmallNetworks.Steps);
        var gradient = Run(network, shard, SmallNetworks.Data<float>(Samples), 27);
        return [.. shard.Logits, .. gradient];
    }

    private static float[] Run(LstmNetwork<float> network, LstmShard<float> shard, Sequences<float> data, int samples)
    {
        shard.Forward(data, SmallNetworks.All(samples));
        shard.Judge(data, SmallNetworks.All(samples));
        shard.Backward(1.0 / samples);
        var gradient = new float[network.Layout.Padded];
        fixed (float* target = gradient)
        {
            shard.Collect(target);
        }

        return gradient;
    }
}
