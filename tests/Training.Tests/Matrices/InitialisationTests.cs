using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Tests.Networks;

namespace Fleet.Training.Tests.Matrices;

public sealed class InitialisationTests
{
    public static TheoryData<string, double, string> Methods => SmallNetworks.Methods;

    [Theory]
    [InlineData(4, 4)]
    [InlineData(3, 8)]
    [InlineData(8, 3)]
    [InlineData(60, 60)]
    public void The_shorter_sides_vectors_are_orthonormal(int rows, int columns)
    {
        var matrix = new double[rows * columns];

        Initialisation.Orthogonal(matrix, rows, columns, new Xoshiro256(4));

        for (var a = 0; a < Math.Min(rows, columns); a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var dot = Enumerable.Range(0, Math.Max(rows, columns)).Sum(index => rows <= columns
                    ? matrix[(a * columns) + index] * matrix[(b * columns) + index]
                    : matrix[(index * columns) + a] * matrix[(index * columns) + b]);
                Assert.Equal(a == b ? 1 : 0, dot, 1e-12);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public unsafe void The_rows_of_a_recurrent_matrix_have_length_one_on_average(string method, double compression, string arguments)
    {
        using var network = SmallNetworks.Create(SmallNetworks.Structure(method, compression, arguments), BatchArithmetic<double>.Best);
        var recurrent = network.Layers[0][0].Recurrent.Matrix;
        using var microBatch = recurrent.CreateMicroBatch(network.Arithmetic);
        const int hidden = SmallNetworks.Hidden;
        using var unit = new AlignedBuffer<double>(hidden * MicroBatch.Samples);
        using var column = new AlignedBuffer<double>(4 * hidden * MicroBatch.Samples);
        using var trace = new AlignedBuffer<double>((recurrent.TraceRows + 1) * MicroBatch.Samples);
        for (var index = 0; index < hidden; index++)
        {
            // Sample j is the j-th unit vector, so that y is W itself.
            unit.Span[(index * MicroBatch.Samples) + index] = 1;
        }

        microBatch.Forward(unit.Pointer, column.Pointer, trace.Pointer);

        var squares = column.Span.ToArray().Sum(value => value * value);
        Assert.InRange(squares / (4 * hidden), 0.5, 1.7);
    }
}
