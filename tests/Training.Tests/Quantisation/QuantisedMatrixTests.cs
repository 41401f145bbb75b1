using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Methods;
using Fleet.Training.Networks;
using Fleet.Training.Quantisation;
using Fleet.Training.Tests.Networks;

namespace Fleet.Training.Tests.Quantisation;

/// <summary>The straight-through estimator: gradients are those of the same product in floats that is given what rounding makes of its operands.</summary>
public sealed unsafe class QuantisedMatrixTests
{
    private const int Steps = 3;

    [Theory]
    [MemberData(nameof(SmallNetworks.Methods), MemberType = typeof(SmallNetworks))]
    public void Products_and_gradients_are_those_of_floats_at_the_rounded_operands(string method, double compression, string arguments)
    {
        var structure = SmallNetworks.Structure(method, compression, arguments).Layers[0].Cells[0].Recurrent;
        var (x, dy) = (Random(structure.Columns, 1), Random(structure.Gates * structure.Rows, 2));
        using var matrix = MatrixTrainings.Create<double>(structure);
        var weights = Weights(matrix);
        var actual = Run(matrix, weights, x, dy, quantised: true);

        var expected = structure switch
        {
            LmfStructure lmf => OfLmf(lmf, weights, x, dy),
            DopedKroneckerStructure doped => OfDoped(doped, weights, x, dy),
            _ => Run(matrix, weights, Rounded(x, structure.Columns, matrix.OperandLength), dy, quantised: false),
        };
        Near(expected.Y, actual.Y);
        Near(expected.Dx, actual.Dx);
        Near(expected.Gradient, actual.Gradient);

        // Rounding does change something: without it the products are others.
        Assert.NotEqual(Run(matrix, weights, x, dy, quantised: false).Y, actual.Y);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(7, 3)]
    public void An_operand_is_off_by_half_a_step_of_its_own_scale_at_most(int rows, int length)
    {
        var x = Random(rows, 8);
        // One sample of nothing.
        for (var row = 0; row < rows; row++)
        {
            x[row * MicroBatch.Samples] = 0;
        }

        var rounded = Rounded(x, rows, length, steps: 1);
        for (var index = 0; index < rows * MicroBatch.Samples; index++)
        {
            var first = index / MicroBatch.Samples / length * length;
            var max = Enumerable.Range(first, Math.Min(length, rows - first))
                .Max(row => Math.Abs(x[(row * MicroBatch.Samples) + (index % MicroBatch.Samples)]));
            Assert.InRange(Math.Abs(rounded[index] - x[index]), 0, (max / 254) + 1e-12);
            Assert.Equal(max == 0 ? 0 : Math.Round(rounded[index] * 127 / max), max == 0 ? 0 : rounded[index] * 127 / max, 1e-9);
        }
    }

    private static (double[] Y, double[] Dx, double[] Gradient) Run(TrainableMatrix<double> matrix, double[] weights, double[] x, double[] dy, bool quantised)
    {
        matrix.IsQuantised = quantised;
        var rows = matrix.Gates * matrix.Rows;
        using var own = new AlignedBuffer<double>(weights.Length);
        weights.CopyTo(own.Span);
        matrix.Load(own.Pointer);
        using var pass = new MatrixPass<double>(matrix, BatchArithmetic<double>.Best, Steps);
        using var input = new AlignedBuffer<double>(x.Length);
        using var output = new AlignedBuffer<double>(Steps * rows * MicroBatch.Samples);
        using var back = new AlignedBuffer<double>(x.Length);
        using var sensitivity = MatrixPass<double>.Slots(rows);
        x.CopyTo(input.Span);
        for (var step = 0; step < Steps; step++)
        {
            pass.Forward(step, input.Pointer + (step * matrix.Columns * MicroBatch.Samples), output.Pointer + (step * rows * MicroBatch.Samples));
        }

        for (var step = Steps - 1; step >= 0; step--)
        {
            var slot = Steps - 1 - step;
            var of = sensitivity.Pointer + (slot * rows * MicroBatch.Samples);
            dy.AsSpan(step * rows * MicroBatch.Samples, rows * MicroBatch.Samples).CopyTo(new Span<double>(of, rows * MicroBatch.Samples));
            pass.Backward(slot, input.Pointer + (step * matrix.Columns * MicroBatch.Samples), of, back.Pointer + (step * matrix.Columns * MicroBatch.Samples));
        }

        pass.AddGradient(
            Steps - 1,
            Steps,
            new StepVectors<double>((nint)input.Pointer, matrix.Columns * MicroBatch.Samples),
            sensitivity.Pointer,
            rows * MicroBatch.Samples);
        using var gradient = new AlignedBuffer<double>(weights.Length);
        pass.Collect(gradient.Pointer);
        return (output.Span.ToArray(), back.Span.ToArray(), gradient.Span.ToArray());
    }

    // The Kronecker product reads x in segments, the sparse matrix as a whole.
    private static (double[] Y, double[] Dx, double[] Gradient) OfDoped(DopedKroneckerStructure doped, double[] weights, double[] x, double[] dy)
    {
        using var product = MatrixTrainings.Create<double>(doped.Kronecker);
        using var dope = MatrixTrainings.Create<double>(doped.Dope);
        var first = Run(product, weights[..product.ParameterCount], Rounded(x, doped.Columns, product.OperandLength), dy, quantised: false);
        var second = Run(dope, weights[product.ParameterCount..], Rounded(x, doped.Columns, doped.Columns), dy, quantised: false);
        return (Sum(first.Y, second.Y), Sum(first.Dx, second.Dx), [.. first.Gradient, .. second.Gradient]);
    }

    // y = U z' with z' what z = V x' is rounded to, part by part.
    private static (double[] Y, double[] Dx, double[] Gradient) OfLmf(LmfStructure lmf, double[] weights, double[] x, double[] dy)
    {
        var parts = lmf.Shared ? 1 : lmf.Gates;
        var (rank, rows) = (lmf.Rank, lmf.Gates * lmf.Rows);
        var u = weights[..(rows * rank)];
        var rounded = Rounded(x, lmf.Columns, lmf.Columns);
        using var v = MatrixTrainings.Create<double>(new DenseStructure(1, parts * rank, lmf.Columns));
        var z = Rounded(
            Run(v, weights[(rows * rank)..], rounded, new double[Steps * parts * rank * MicroBatch.Samples], quantised: false).Y, parts * rank, rank);
        var (y, dz, du) = (new double[dy.Length], new double[z.Length], new double[u.Length]);
        for (var step = 0; step < Steps; step++)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var inner = 0; inner < rank; inner++)
                {
                    var place = (step * parts * rank) + (row / (rows / parts) * rank) + inner;
                    for (var sample = 0; sample < MicroBatch.Samples; sample++)
                    {
                        var (of, at) = ((((step * rows) + row) * MicroBatch.Samples) + sample, (place * MicroBatch.Samples) + sample);
                        y[of] += u[(row * rank) + inner] * z[at];
                        dz[at] += u[(row * rank) + inner] * dy[of];
                        du[(row * rank) + inner] += dy[of] * z[at];
                    }
                }
            }
        }

        var below = Run(v, weights[(rows * rank)..], rounded, dz, quantised: false);
        return (y, below.Dx, [.. du, .. below.Gradient]);
    }

    private static double[] Weights(TrainableMatrix<double> matrix)
    {
        var weights = new double[matrix.ParameterCount];
        matrix.Initialise(weights, new Xoshiro256(4));
        var random = new Xoshiro256(5);
        return Array.ConvertAll(weights, weight => weight + (0.1 * random.Normal()));
    }

    private static double[] Random(int rows, long seed)
    {
        var random = new Xoshiro256(seed);
        return [.. Enumerable.Range(0, Steps * rows * MicroBatch.Samples).Select(_ => random.Normal())];
    }

    private static double[] Rounded(double[] x, int rows, int length, int steps = Steps)
    {
        using var rounded = new AlignedBuffer<double>(x.Length);
        x.CopyTo(rounded.Span);
        for (var step = 0; step < steps; step++)
        {
            FakeQuantiser<double>.Operands(rounded.Pointer + (step * rows * MicroBatch.Samples), rows, length);
        }

        return rounded.Span.ToArray();
    }

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var max = expected.Max(Math.Abs);
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.True(Math.Abs(expected[index] - actual[index]) <= 1e-12 * max, $"{index}: {actual[index]} instead of {expected[index]}.");
        }
    }
}
