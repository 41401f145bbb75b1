using Fleet.Kernels.Structures;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

public sealed unsafe class VectorWidthTests
{
    private const int Samples = 32;

    public static TheoryData<string, double, string> Methods => SmallNetworks.Methods;

    public static TheoryData<string> Cells => [.. CellNames.All];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_vector_width_gives_the_same_bits(string method, double compression, string arguments) =>
        WidthsAgree(SmallNetworks.Structure(method, compression, arguments));

    [Theory]
    [MemberData(nameof(Cells))]
    public void So_it_does_with_every_cell_in_layers_of_both_directions(string cell) =>
        WidthsAgree(SmallNetworks.Structure(cell, "dense", 1, "", layers: 2, bidirectional: true));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Samples_that_are_not_there_change_nothing(string method, double compression, string arguments)
    {
        // Five samples alone, and the same five after a full micro-batch has left its traces in the memory.
        using var network = SmallNetworks.Create(SmallNetworks.Structure(method, compression, arguments), BatchArithmetic<float>.Best);
        using var microBatch = new NetworkMicroBatch<float>(network, SmallNetworks.Steps);
        var data = SmallNetworks.Data<float>(Samples);
        var alone = Run(network, microBatch, data, 5);
        Run(network, microBatch, data, Samples);

        Assert.Equal(alone, Run(network, microBatch, data, 5));
    }

    private static void WidthsAgree(ModelStructure structure)
    {
        var narrow = LogitsAndGradient(128, structure);

        Assert.Equal(narrow, LogitsAndGradient(256, structure));
        Assert.Equal(narrow, LogitsAndGradient(512, structure));
        Assert.Contains(narrow, value => value != 0);
    }

    private static float[] LogitsAndGradient(int width, ModelStructure structure)
    {
        using var network = SmallNetworks.Create(structure, BatchArithmetic<float>.Of(width));
        using var microBatch = new NetworkMicroBatch<float>(network, SmallNetworks.Steps);
        var gradient = Run(network, microBatch, SmallNetworks.Data<float>(Samples), 27);
        return [.. microBatch.Logits, .. gradient];
    }

    private static float[] Run(Network<float> network, NetworkMicroBatch<float> microBatch, Sequences<float> data, int samples)
    {
        microBatch.Forward(data, SmallNetworks.All(samples));
        microBatch.Judge(data, SmallNetworks.All(samples));
        microBatch.Backward(1.0 / samples);
        var gradient = new float[network.Layout.Padded];
        fixed (float* target = gradient)
        {
            microBatch.Collect(target);
        }

        return gradient;
    }
}
