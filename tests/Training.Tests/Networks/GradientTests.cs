using CsCheck;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

public sealed unsafe class GradientTests
{
    private const int Samples = 19;
    private const double Step = 1e-5;

    public static TheoryData<string, double, string> Methods => SmallNetworks.Methods;

    [Theory]
    [MemberData(nameof(Methods))]
    public void Gradients_agree_with_central_differences(string method, double compression, string arguments)
    {
        using var network = SmallNetworks.Create(SmallNetworks.Structure(method, compression, arguments), BatchArithmetic<double>.Best);
        using var shard = new LstmShard<double>(network, SmallNetworks.Steps);
        var data = SmallNetworks.Data<double>(Samples);
        Perturb(network);

        var gradient = Gradient(network, shard, data);

        var largest = gradient.Max(Math.Abs);
        for (var index = 0; index < network.Layout.Count; index++)
        {
            var numeric = CentralDifference(network, shard, data, index);
            // Relative to the value, or to the largest one where the value itself is lost in the rounding of the loss.
            var scale = Math.Max(Math.Abs(numeric), 1e-3 * largest);
            Assert.True(
                Math.Abs(gradient[index] - numeric) / scale < 1e-6,
                $"Parameter {index} of {network.Layout.Count}: {gradient[index]} by back-propagation, {numeric} by differences.");
        }
    }

    [Fact]
    public void Along_a_random_direction_the_gradient_is_the_slope_whatever_the_shape()
    {
        var shapes = Gen.Select(Gen.Int[1, 40], Gen.Int[8, 40], Gen.Int[1, 6], Gen.Int[0, WeightMethods.Trainable.Count - 1].Select(index => WeightMethods.Trainable[index]), Gen.Double[0, 1]);
        shapes.Sample(
            (features, hidden, steps, method, share) =>
            {
                var structure = Within(new CellShape(CellShape.Lstm, features, hidden), method, share);
                using var network = SmallNetworks.Create(structure, BatchArithmetic<double>.Best);
                using var shard = new LstmShard<double>(network, steps);
                var data = SmallNetworks.Data<double>(Samples, features, steps);
                Perturb(network);
                var (slope, numeric) = Slopes(network, shard, data);
                Assert.Equal(slope, numeric, 1e-6 * Math.Max(1, Math.Abs(slope)));
            },
            iter: 60,
            threads: 1);
    }

    // A factor that the method can reach, from its range.
    private static CellStructure Within(CellShape shape, IWeightMethod method, double share)
    {
        var none = new Dictionary<string, string>();
        var (least, greatest) = CellAllocator.Range(shape, method, none);
        return CellAllocator.Allocate(shape, method, least + (share * (Math.Floor(greatest * 1000) / 1000 - least)), none);
    }

    private static (double Slope, double Numeric) Slopes(LstmNetwork<double> network, LstmShard<double> shard, Sequences<double> data)
    {
        var gradient = Gradient(network, shard, data);
        var random = new Xoshiro256(21);
        var start = network.Parameters.ToArray();
        var direction = Array.ConvertAll(start, _ => random.Normal());
        var slope = direction.Zip(gradient, (along, g) => along * g).Sum();
        return (slope, (LossAt(Step) - LossAt(-Step)) / (2 * Step));

        double LossAt(double distance)
        {
            for (var index = 0; index < network.Layout.Count; index++)
            {
                network.Parameters[index] = start[index] + (distance * direction[index]);
            }

            network.Load();
            return Loss(shard, data);
        }
    }

    // Biases begin at equal values; moved a little, no symmetry can hide a mistake.
    private static void Perturb(LstmNetwork<double> network)
    {
        var random = new Xoshiro256(9);
        foreach (ref var parameter in network.Parameters[..network.Layout.Count])
        {
            parameter += 0.1 * random.Normal();
        }

        network.Load();
    }

    private static double[] Gradient(LstmNetwork<double> network, LstmShard<double> shard, Sequences<double> data)
    {
        Loss(shard, data);
        shard.Backward(1.0 / Samples);
        var gradient = new double[network.Layout.Padded];
        fixed (double* target = gradient)
        {
            shard.Collect(target);
        }

        return gradient;
    }

    private static double CentralDifference(LstmNetwork<double> network, LstmShard<double> shard, Sequences<double> data, int index)
    {
        var value = network.Parameters[index];
        network.Parameters[index] = value + Step;
        network.Load();
        var above = Loss(shard, data);
        network.Parameters[index] = value - Step;
        network.Load();
        var below = Loss(shard, data);
        network.Parameters[index] = value;
        network.Load();
        return (above - below) / (2 * Step);
    }

    private static double Loss(LstmShard<double> shard, Sequences<double> data)
    {
        shard.Forward(data, SmallNetworks.All(Samples));
        return shard.Judge(data, SmallNetworks.All(Samples)).Loss / Samples;
    }
}
