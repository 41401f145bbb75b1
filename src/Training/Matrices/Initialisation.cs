using Fleet.Tasks.Numerics;

namespace Fleet.Training.Matrices;

/// <summary>First weights, computed in double with exactly rounded operations only: the same on every platform.</summary>
internal static class Initialisation
{
    /// <summary>Uniform with mean 0 and this variance: within +- sqrt(3 variance).</summary>
    public static void Uniform(Span<double> values, double variance, Xoshiro256 random)
    {
        var bound = Math.Sqrt(3 * variance);
        foreach (ref var value in values)
        {
            value = random.Uniform(-bound, bound);
        }
    }

    /// <summary>
    /// A random matrix with orthonormal rows, or columns where there are fewer of those (Saxe et al. 2014), by Gram and Schmidt
    /// done twice, which keeps the vectors orthogonal to the last bits.
    /// </summary>
    public static void Orthogonal(Span<double> matrix, int rows, int columns, Xoshiro256 random)
    {
        var (count, length) = rows <= columns ? (rows, columns) : (columns, rows);
        var vectors = new double[count][];
        for (var index = 0; index < count; index++)
        {
            var vector = vectors[index] = new double[length];
            do
            {
                foreach (ref var value in vector.AsSpan())
                {
                    value = random.Normal();
                }

                RemoveProjections(vector, vectors.AsSpan(0, index));
                RemoveProjections(vector, vectors.AsSpan(0, index));
            }
            while (!Normalise(vector));
        }

        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[(row * columns) + column] = rows <= columns ? vectors[row][column] : vectors[column][row];
            }
        }
    }

    public static void Scale(Span<double> values, double factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }

    private static void RemoveProjections(double[] vector, ReadOnlySpan<double[]> others)
    {
        foreach (var other in others)
        {
            var dot = Dot(vector, other);
            for (var index = 0; index < vector.Length; index++)
            {
                vector[index] -= dot * other[index];
            }
        }
    }

    // False where nothing was left of it but rounding errors; another one is drawn then.
    private static bool Normalise(double[] vector)
    {
        var length = Math.Sqrt(Dot(vector, vector));
        Scale(vector, 1 / length);
        return length > 1e-6;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var index = 0; index < a.Length; index++)
        {
            sum += a[index] * b[index];
        }

        return sum;
    }
}
