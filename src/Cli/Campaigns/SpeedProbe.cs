using System.Numerics;
using System.Runtime.InteropServices;

namespace Fleet.Cli.Campaigns;

/// <summary>
/// How many multiply-accumulates this machine does in a second on all cores: products of a matrix that fits the nearest cache, for some tens of
/// milliseconds on one core. A training step does about as many a second (bench/README.md), so an estimate made of it is right within a
/// factor of two or so.
/// </summary>
internal static class SpeedProbe
{
    private const int Columns = 1024;
    private const int Rows = 4;
    private const int Products = 50_000;

    /// <returns>Null where the clock did not move.</returns>
    public static double? MacsPerSecond(TimeProvider time)
    {
        var (matrix, vector) = (new float[Rows * Columns], new float[Columns]);
        Array.Fill(matrix, 0.5f);
        Array.Fill(vector, 0.25f);
        // Once in advance: what is compiled meanwhile is not the machine's speed.
        var sum = Multiply(matrix, vector, Products / 10);
        var started = time.GetTimestamp();
        sum += Multiply(matrix, vector, Products);
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        return seconds > 0 && float.IsFinite(sum) ? (double)Products * matrix.Length / seconds * Environment.ProcessorCount : null;
    }

    private static float Multiply(float[] matrix, float[] vector, int products)
    {
        var rows = MemoryMarshal.Cast<float, Vector<float>>(matrix);
        var right = MemoryMarshal.Cast<float, Vector<float>>(vector);
        var width = right.Length;
        var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        for (var product = 0; product < products; product++)
        {
            for (var column = 0; column < width; column++)
            {
                var x = right[column];
                a += rows[column] * x;
                b += rows[width + column] * x;
                c += rows[(2 * width) + column] * x;
                d += rows[(3 * width) + column] * x;
            }
        }

        return Vector.Sum(a + b + c + d);
    }
}
