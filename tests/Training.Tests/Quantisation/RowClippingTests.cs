using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Training.Calibration;
using Fleet.Training.Quantisation;
using Fleet.Training.Tests.Compression;
using Fleet.Training.Tests.Networks;

namespace Fleet.Training.Tests.Quantisation;

public sealed class RowClippingTests
{
    [Fact]
    public void A_weight_that_multiplies_nothing_is_clipped_and_one_that_matters_is_kept()
    {
        // One row of head: 1.0 and many of about 0.004, which a scale of 1/127 rounds to 0 or 0.0079.
        var structure = new ModelStructure(
            null, Normalised: false, [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Rnn, 2, 40)))], new HeadStructure(HeadKind.Sequence, 1));
        var model = Dense.Model(structure, 1);
        var weights = Enumerable.Range(0, 40).Select(column => column == 0 ? 1f : 0.004f).ToArray();
        var head = new Tensor(ModelDocument.HeadWeight, [1, 40], weights);
        model = model with { Tensors = new Dictionary<string, Tensor>(model.Tensors) { [head.Name] = head } };

        Assert.Equal([1f], Of(model, first: 1)[ModelDocument.HeadWeight]);
        Assert.Equal([0.5f], Of(model, first: 0)[ModelDocument.HeadWeight]);

        // Clipped weights become the greatest that is kept, and the others are nearer than they would be.
        var clipped = Quantiser.Quantise(model, new Dictionary<string, float[]> { [ModelDocument.HeadWeight] = [0.5f] });
        Assert.Equal([127, .. Enumerable.Repeat(1, 39)], clipped.Tensors[ModelDocument.HeadWeight].Bytes.ToArray().Select(q => (int)q));
        Assert.Equal(0.5f / 127, clipped.Tensors[TensorSpec.ScaleName(ModelDocument.HeadWeight)].Floats[0]);
    }

    [Theory]
    [MemberData(nameof(SmallNetworks.Methods), MemberType = typeof(SmallNetworks))]
    public void Every_row_of_every_form_keeps_between_half_its_greatest_weight_and_all_of_it(string method, double compression, string arguments)
    {
        var model = Stored(SmallNetworks.Structure(method, compression, arguments));
        var chosen = RowClipping.Choose(model, Moments(model.Structure), threads: 2, default);
        Assert.Equivalent(RowClipping.Choose(model, Moments(model.Structure), threads: 1, default), chosen);
        var (plain, clipped) = (Quantiser.Quantise(model), Quantiser.Quantise(model, chosen));
        var some = false;
        foreach (var (name, tensor) in plain.Tensors.Where(pair => pair.Key.EndsWith("_scale", StringComparison.Ordinal)))
        {
            var scales = clipped.Tensors[name].Floats.ToArray();
            Assert.Equal(chosen[name[..^"_scale".Length]].Length, scales.Length);
            foreach (var (before, after) in tensor.Floats.ToArray().Zip(scales))
            {
                Assert.InRange(after, before * 0.4999f, before);
                some |= after < before;
            }
        }

        Assert.True(some, "No row was clipped.");
    }

    [Fact]
    public void The_error_that_is_least_is_that_of_the_outputs_over_what_was_read()
    {
        var random = Dense.Random(32 * 6, 3);
        var moments = SecondMoments.Of(6, (row, column) => Enumerable.Range(0, 32).Sum(sample => random[(row * 32) + sample] * random[(column * 32) + sample]));
        double[] error = [0.1, -0.2, 0, 0.3, 0.05, -0.4];
        var squares = Enumerable.Range(0, 32).Sum(sample => Math.Pow(Enumerable.Range(0, 6).Sum(column => error[column] * random[(column * 32) + sample]), 2));
        Assert.Equal(squares, moments.Square(error), 1e-9);
        Assert.Equal(error.Sum(value => value * value), SecondMoments.Identity(6).Square(error), 1e-12);
    }

    private static IReadOnlyDictionary<string, float[]> Of(ModelDocument model, double first)
    {
        var moments = Moments(model.Structure);
        moments[ModelDocument.HeadPrefix] = SecondMoments.Of(40, (row, column) => row != column ? 0 : row == 0 ? first : 1);
        return RowClipping.Choose(model, moments, threads: 1, default);
    }

    // As if every value that is read had the same size and nothing to do with the others.
    private static Dictionary<string, SecondMoments> Moments(ModelStructure structure)
    {
        var moments = structure.Cells().SelectMany(pair => pair.Cell.Matrices.Select(matrix => (Prefix: $"{pair.Prefix}{matrix.Name}.", matrix.Matrix.Columns)))
            .ToDictionary(matrix => matrix.Prefix, matrix => SecondMoments.Identity(matrix.Columns));
        moments[ModelDocument.HeadPrefix] = SecondMoments.Identity(structure.Layers[^1].Outputs);
        return moments;
    }

    private static ModelDocument Stored(ModelStructure structure)
    {
        using var network = new Fleet.Training.Networks.Network<float>(structure, Fleet.Training.Arithmetic.BatchArithmetic<float>.Best);
        network.Initialise(3);
        foreach (var placed in network.Matrices)
        {
            placed.Matrix.Pruning?.KeepLargest(network.Parameters[placed.Start..], placed.Matrix.Pruning.Target);
        }

        return Fleet.Training.Runs.ModelExport.OnNormalised(network);
    }
}
