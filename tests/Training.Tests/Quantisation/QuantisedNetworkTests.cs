using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Training.Arithmetic;
using Fleet.Training.Compression;
using Fleet.Training.Networks;
using Fleet.Training.Runs;
using Fleet.Training.Tests.Networks;

namespace Fleet.Training.Tests.Quantisation;

public sealed unsafe class QuantisedNetworkTests
{
    /// <summary>
    /// Sums are taken in another order and activations have their own errors; where an operand stands by a half, that changes it by
    /// one, 1/127 of the greatest of its vector.
    /// </summary>
    private const double Bound = 0.02;

    public static TheoryData<string, string, double, string> CellsAndMethods => CellGradientTests.CellsAndMethods;

    [Theory]
    [MemberData(nameof(CellsAndMethods))]
    public void The_way_forward_is_that_of_the_int8_kernels(string cell, string method, double compression, string arguments)
    {
        var structure = SmallNetworks.Structure(cell, method, compression, arguments);
        using var network = Pruned(structure, quantised: true);
        using var microBatch = new NetworkMicroBatch<float>(network, SmallNetworks.Steps);
        var data = SmallNetworks.Data<float>(MicroBatch.Samples);
        microBatch.Forward(data, SmallNetworks.All(MicroBatch.Samples));
        var int8 = Quantiser.Quantise(ModelExport.OnNormalised(network));
        var runner = SequenceModel.Create(int8).CreateRunner(SmallNetworks.Steps);

        var size = SmallNetworks.Steps * SmallNetworks.Features;
        var logits = new float[SmallNetworks.Classes];
        var (max, worst) = (0.0, 0.0);
        for (var sample = 0; sample < MicroBatch.Samples; sample++)
        {
            runner.Window(data.Inputs.AsSpan(sample * size, size), SmallNetworks.Steps, logits);
            for (var label = 0; label < logits.Length; label++)
            {
                max = Math.Max(max, Math.Abs(logits[label]));
                worst = Math.Max(worst, Math.Abs(logits[label] - microBatch.Logits[(label * MicroBatch.Samples) + sample]));
            }
        }

        Assert.InRange(worst, 0, Bound * max);

        // And it is not that of fp32, which lies further away.
        using var plain = Pruned(structure, quantised: false);
        using var floats = new NetworkMicroBatch<float>(plain, SmallNetworks.Steps);
        floats.Forward(data, SmallNetworks.All(MicroBatch.Samples));
        Assert.False(floats.Logits.SequenceEqual(microBatch.Logits));
    }

    [Fact]
    public void What_is_rounded_already_stays_and_counts_as_in_the_quantiser()
    {
        using var network = Pruned(SmallNetworks.Structure("hmd", 2, ""), quantised: true);
        var document = ModelExport.OnNormalised(network);
        var rounded = Quantiser.Dequantise(Quantiser.Quantise(document));
        using var again = new Network<float>(document.Structure, network.Arithmetic);
        again.Begin(TrainedWeights.Of(rounded));

        // What the quantiser makes of every weight is what the products of the network read, to the last bit.
        Assert.Equal(again.Parameters[..network.Layout.Count].ToArray(), Loaded(network));
    }

    [Theory]
    [MemberData(nameof(SmallNetworks.Methods), MemberType = typeof(SmallNetworks))]
    public void Weights_of_every_form_come_back_as_they_were_learnt(string method, double compression, string arguments)
    {
        using var network = Pruned(SmallNetworks.Structure(method, compression, arguments), quantised: false);
        using var again = new Network<float>(network.Structure, network.Arithmetic);
        again.Begin(TrainedWeights.Of(ModelExport.OnNormalised(network)));
        Assert.Equal(network.Parameters.ToArray(), again.Parameters.ToArray());
    }

    private static float[] Loaded(Network<float> network) => new ReadOnlySpan<float>(network.Embedding, network.Layout.Count).ToArray();

    /// <summary>A random network, pruned as its model is to be.</summary>
    private static Network<float> Pruned(ModelStructure structure, bool quantised)
    {
        var network = new Network<float>(structure, BatchArithmetic<float>.Best, quantised);
        network.Initialise(3);
        foreach (var placed in network.Matrices)
        {
            placed.Matrix.Pruning?.KeepLargest(network.Parameters[placed.Start..], placed.Matrix.Pruning.Target);
        }

        network.Load();
        return network;
    }
}
