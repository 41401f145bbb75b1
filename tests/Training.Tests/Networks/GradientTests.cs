using CsCheck;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

public sealed unsafe class GradientTests
{
    public static TheoryData<string, double, string> Methods => SmallNetworks.Methods;

    [Theory]
    [MemberData(nameof(Methods))]
    public void Gradients_agree_with_central_differences(string method, double compression, string arguments)
    {
        using var network = SmallNetworks.Create(SmallNetworks.Structure(method, compression, arguments), BatchArithmetic<double>.Best);
        using var microBatch = new NetworkMicroBatch<double>(network, SmallNetworks.Steps);
        var data = SmallNetworks.Data<double>(GradientCheck.Samples);

        GradientCheck.AgreesWithDifferences(network, microBatch, data);
    }

    [Fact]
    public void Along_a_random_direction_the_gradient_is_the_slope_whatever_the_shape()
    {
        var shapes = Gen.Select(
            Gen.Int[1, 40], Gen.Int[8, 40], Gen.Int[1, 6], Gen.Int[0, CellMethods.All.Count - 1].Select(index => CellMethods.All[index]), Gen.Double[0, 1]);
        shapes.Sample(
            (features, hidden, steps, method, share) =>
            {
                var structure = Within(new CellShape(CellShape.Lstm, features, hidden), method, share);
                using var network = SmallNetworks.Create(ModelStructure.Classifier(structure, SmallNetworks.Classes), BatchArithmetic<double>.Best);
                using var microBatch = new NetworkMicroBatch<double>(network, steps);
                var data = SmallNetworks.Data<double>(GradientCheck.Samples, features, steps);
                GradientCheck.Perturb(network);
                var (slope, numeric) = Slopes(network, microBatch, data);
                Assert.Equal(slope, numeric, 1e-6 * Math.Max(1, Math.Abs(slope)));
            },
            iter: 60,
            threads: 1);
    }

    // A factor that the method can reach, from its range.
    private static CellStructure Within(CellShape shape, ICellMethod method, double share)
    {
        var none = new Dictionary<string, string>();
        var (min, greatest) = CellAllocator.Range(shape, method, none);
        return CellAllocator.Allocate(shape, method, min + (share * (Math.Floor(greatest * 1000) / 1000 - min)), none);
    }

    private static (double Slope, double Numeric) Slopes(Network<double> network, NetworkMicroBatch<double> microBatch, Sequences<double> data)
    {
        var gradient = GradientCheck.Gradient(network, microBatch, data);
        var random = new Xoshiro256(21);
        var start = network.Parameters.ToArray();
        var direction = Array.ConvertAll(start, _ => random.Normal());
        var slope = direction.Zip(gradient, (along, g) => along * g).Sum();
        return (slope, (LossAt(GradientCheck.Step) - LossAt(-GradientCheck.Step)) / (2 * GradientCheck.Step));

        double LossAt(double distance)
        {
            for (var index = 0; index < network.Layout.Count; index++)
            {
                network.Parameters[index] = start[index] + (distance * direction[index]);
            }

            network.Load();
            return GradientCheck.Loss(microBatch, data);
        }
    }
}
