using Fleet.Tasks.Numerics;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

/// <summary>Whether gradients by back-propagation are those of central differences, in double.</summary>
internal static unsafe class GradientCheck
{
    public const int Samples = 19;
    public const double Step = 1e-5;

    // Relative to the value, or to the largest one where the value itself is lost in the rounding of the loss.
    private const double Tolerance = 1e-6;
    private const double Floor = 1e-3;

    /// <summary>Of every parameter, from weights without symmetry.</summary>
    /// <param name="dropout">Its masks are the same at every step of the differences.</param>
    public static void AgreesWithDifferences(Network<double> network, NetworkMicroBatch<double> microBatch, Sequences<double> data, DropoutKey? dropout = null)
    {
        Perturb(network);
        AgreesWithDifferences(network, Gradient(network, microBatch, data, dropout), () => Loss(microBatch, data, dropout));
    }

    /// <param name="loss">With the weights as they are.</param>
    /// <param name="tolerance">A loss that is the sum of many leaves fewer digits of a difference.</param>
    public static void AgreesWithDifferences(Network<double> network, double[] gradient, Func<double> loss, double tolerance = Tolerance)
    {
        var largest = gradient.Max(Math.Abs);
        for (var index = 0; index < network.Layout.Count; index++)
        {
            var numeric = CentralDifference(network, index, loss);
            var scale = Math.Max(Math.Abs(numeric), Floor * largest);
            Assert.True(
                Math.Abs(gradient[index] - numeric) / scale < tolerance,
                $"Parameter {index} of {network.Layout.Count}: {gradient[index]} by back-propagation, {numeric} by differences.");
        }
    }

    /// <summary>Biases begin at equal values; moved a little, no symmetry can hide a mistake.</summary>
    public static void Perturb(Network<double> network)
    {
        var random = new Xoshiro256(9);
        foreach (ref var parameter in network.Parameters[..network.Layout.Count])
        {
            parameter += 0.1 * random.Normal();
        }

        network.Load();
    }

    public static double[] Gradient(Network<double> network, NetworkMicroBatch<double> microBatch, Sequences<double> data, DropoutKey? dropout = null)
    {
        Loss(microBatch, data, dropout);
        microBatch.Backward(1.0 / Samples);
        var gradient = new double[network.Layout.Padded];
        fixed (double* target = gradient)
        {
            microBatch.Collect(target);
        }

        return gradient;
    }

    private static double CentralDifference(Network<double> network, int index, Func<double> loss)
    {
        var value = network.Parameters[index];
        var above = At(value + Step);
        var below = At(value - Step);
        At(value);
        return (above - below) / (2 * Step);

        double At(double moved)
        {
            network.Parameters[index] = moved;
            network.Load();
            return moved == value ? 0 : loss();
        }
    }

    public static double Loss(NetworkMicroBatch<double> microBatch, Sequences<double> data, DropoutKey? dropout = null)
    {
        microBatch.Forward(data, SmallNetworks.All(Samples), dropout);
        return microBatch.Judge(data, SmallNetworks.All(Samples)).Loss / Samples;
    }
}
