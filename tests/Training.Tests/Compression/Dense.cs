using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Methods;

namespace Fleet.Training.Tests.Compression;

/// <summary>Dense matrices and models with random weights, and what becomes of them.</summary>
internal static unsafe class Dense
{
    public static double[] Random(int count, long seed)
    {
        var random = new Xoshiro256(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Normal())];
    }

    /// <summary>The matrix [gates * rows, columns] that parameters stand for, by the very products that are trained.</summary>
    public static double[] Expand(MatrixStructure structure, double[] parameters)
    {
        using var matrix = MatrixTrainings.Create<double>(structure);
        using var microBatch = matrix.CreateMicroBatch(BatchArithmetic<double>.Best);
        using var weights = new AlignedBuffer<double>(matrix.ParameterCount);
        Assert.Equal(matrix.ParameterCount, parameters.Length);
        parameters.CopyTo(weights.Span);
        matrix.Load(weights.Pointer);
        var (rows, columns) = (structure.Gates * structure.Rows, structure.Columns);
        var dense = new double[rows * columns];
        using var trace = new AlignedBuffer<double>((matrix.TraceRows + 1) * MicroBatch.Samples);
        for (var first = 0; first < columns; first += MicroBatch.Samples)
        {
            // Sample j is the unit vector of column first + j.
            var count = Math.Min(MicroBatch.Samples, columns - first);
            using var x = new AlignedBuffer<double>(columns * MicroBatch.Samples);
            using var y = new AlignedBuffer<double>(rows * MicroBatch.Samples);
            for (var sample = 0; sample < count; sample++)
            {
                x.Span[((first + sample) * MicroBatch.Samples) + sample] = 1;
            }

            microBatch.Forward(x.Pointer, y.Pointer, trace.Pointer);
            for (var index = 0; index < rows * count; index++)
            {
                dense[(index / count * columns) + first + (index % count)] = y.Span[(index / count * MicroBatch.Samples) + (index % count)];
            }
        }

        return dense;
    }

    public static double SquaredDistance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    public static ModelDocument Model(ModelStructure structure, long seed)
    {
        var random = new Xoshiro256(seed);
        var tensors = ModelDocument.Expected(structure).Select(spec => new Tensor(
            spec.Name, spec.Shape, Enumerable.Range(0, (int)spec.Elements)
                .Select(_ => (float)random.Uniform(-1, 1) / (spec.Shape.Count > 1 ? MathF.Sqrt(spec.Shape[^1]) : 1)).ToArray()));
        return new ModelDocument(new ModelMetadata(), structure, tensors.ToDictionary(tensor => tensor.Name));
    }
}
