using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// The inner loops over one panel. Sums are named, not indexed: only so does the compiler keep all of them in registers.
/// </summary>
internal static unsafe class PanelProducts<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Vectors x that a tile multiplies with at once: each weight that is loaded is used so often.</summary>
    public const int TileSteps = 4;

    /// <summary>A panel of eight vectors of rows, a column at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Eight(float* weights, float* x, int columns, float* initial, float* y)
    {
        var sum0 = V.Load(initial);
        var sum1 = V.Load(initial + V.Lanes);
        var sum2 = V.Load(initial + (2 * V.Lanes));
        var sum3 = V.Load(initial + (3 * V.Lanes));
        var sum4 = V.Load(initial + (4 * V.Lanes));
        var sum5 = V.Load(initial + (5 * V.Lanes));
        var sum6 = V.Load(initial + (6 * V.Lanes));
        var sum7 = V.Load(initial + (7 * V.Lanes));
        for (var column = 0; column < columns; column += 1)
        {
            var x0 = V.Broadcast(x[column]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x0, sum1);
            sum2 = V.MultiplyAdd(V.Load(weights + (2 * V.Lanes)), x0, sum2);
            sum3 = V.MultiplyAdd(V.Load(weights + (3 * V.Lanes)), x0, sum3);
            sum4 = V.MultiplyAdd(V.Load(weights + (4 * V.Lanes)), x0, sum4);
            sum5 = V.MultiplyAdd(V.Load(weights + (5 * V.Lanes)), x0, sum5);
            sum6 = V.MultiplyAdd(V.Load(weights + (6 * V.Lanes)), x0, sum6);
            sum7 = V.MultiplyAdd(V.Load(weights + (7 * V.Lanes)), x0, sum7);
            weights += 8 * V.Lanes;
        }

        sum0.Store(y);
        sum1.Store(y + V.Lanes);
        sum2.Store(y + (2 * V.Lanes));
        sum3.Store(y + (3 * V.Lanes));
        sum4.Store(y + (4 * V.Lanes));
        sum5.Store(y + (5 * V.Lanes));
        sum6.Store(y + (6 * V.Lanes));
        sum7.Store(y + (7 * V.Lanes));
    }

    /// <summary>A panel of four vectors of rows, two columns at a time; their sums are added up at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(float* weights, float* x, int columns, float* initial, float* y)
    {
        var sum0 = V.Load(initial);
        var sum1 = V.Load(initial + V.Lanes);
        var sum2 = V.Load(initial + (2 * V.Lanes));
        var sum3 = V.Load(initial + (3 * V.Lanes));
        var sum4 = V.Broadcast(0);
        var sum5 = V.Broadcast(0);
        var sum6 = V.Broadcast(0);
        var sum7 = V.Broadcast(0);
        var column = 0;
        for (; column <= columns - 2; column += 2)
        {
            var x0 = V.Broadcast(x[column]);
            var x1 = V.Broadcast(x[column + 1]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x0, sum1);
            sum2 = V.MultiplyAdd(V.Load(weights + (2 * V.Lanes)), x0, sum2);
            sum3 = V.MultiplyAdd(V.Load(weights + (3 * V.Lanes)), x0, sum3);
            sum4 = V.MultiplyAdd(V.Load(weights + (4 * V.Lanes)), x1, sum4);
            sum5 = V.MultiplyAdd(V.Load(weights + (5 * V.Lanes)), x1, sum5);
            sum6 = V.MultiplyAdd(V.Load(weights + (6 * V.Lanes)), x1, sum6);
            sum7 = V.MultiplyAdd(V.Load(weights + (7 * V.Lanes)), x1, sum7);
            weights += 8 * V.Lanes;
        }

        for (; column < columns; column++)
        {
            var x0 = V.Broadcast(x[column]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x0, sum1);
            sum2 = V.MultiplyAdd(V.Load(weights + (2 * V.Lanes)), x0, sum2);
            sum3 = V.MultiplyAdd(V.Load(weights + (3 * V.Lanes)), x0, sum3);
            weights += 4 * V.Lanes;
        }

        (sum0 + sum4).Store(y);
        (sum1 + sum5).Store(y + V.Lanes);
        (sum2 + sum6).Store(y + (2 * V.Lanes));
        (sum3 + sum7).Store(y + (3 * V.Lanes));
    }

    /// <summary>A panel of two vectors of rows, four columns at a time; their sums are added up at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(float* weights, float* x, int columns, float* initial, float* y)
    {
        var sum0 = V.Load(initial);
        var sum1 = V.Load(initial + V.Lanes);
        var sum2 = V.Broadcast(0);
        var sum3 = V.Broadcast(0);
        var sum4 = V.Broadcast(0);
        var sum5 = V.Broadcast(0);
        var sum6 = V.Broadcast(0);
        var sum7 = V.Broadcast(0);
        var column = 0;
        for (; column <= columns - 4; column += 4)
        {
            var x0 = V.Broadcast(x[column]);
            var x1 = V.Broadcast(x[column + 1]);
            var x2 = V.Broadcast(x[column + 2]);
            var x3 = V.Broadcast(x[column + 3]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x0, sum1);
            sum2 = V.MultiplyAdd(V.Load(weights + (2 * V.Lanes)), x1, sum2);
            sum3 = V.MultiplyAdd(V.Load(weights + (3 * V.Lanes)), x1, sum3);
            sum4 = V.MultiplyAdd(V.Load(weights + (4 * V.Lanes)), x2, sum4);
            sum5 = V.MultiplyAdd(V.Load(weights + (5 * V.Lanes)), x2, sum5);
            sum6 = V.MultiplyAdd(V.Load(weights + (6 * V.Lanes)), x3, sum6);
            sum7 = V.MultiplyAdd(V.Load(weights + (7 * V.Lanes)), x3, sum7);
            weights += 8 * V.Lanes;
        }

        for (; column < columns; column++)
        {
            var x0 = V.Broadcast(x[column]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x0, sum1);
            weights += 2 * V.Lanes;
        }

        ((sum0 + sum2) + (sum4 + sum6)).Store(y);
        ((sum1 + sum3) + (sum5 + sum7)).Store(y + V.Lanes);
    }

    /// <summary>A panel of one vector of rows, eight columns at a time; their sums are added up at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(float* weights, float* x, int columns, float* initial, float* y)
    {
        var sum0 = V.Load(initial);
        var sum1 = V.Broadcast(0);
        var sum2 = V.Broadcast(0);
        var sum3 = V.Broadcast(0);
        var sum4 = V.Broadcast(0);
        var sum5 = V.Broadcast(0);
        var sum6 = V.Broadcast(0);
        var sum7 = V.Broadcast(0);
        var column = 0;
        for (; column <= columns - 8; column += 8)
        {
            var x0 = V.Broadcast(x[column]);
            var x1 = V.Broadcast(x[column + 1]);
            var x2 = V.Broadcast(x[column + 2]);
            var x3 = V.Broadcast(x[column + 3]);
            var x4 = V.Broadcast(x[column + 4]);
            var x5 = V.Broadcast(x[column + 5]);
            var x6 = V.Broadcast(x[column + 6]);
            var x7 = V.Broadcast(x[column + 7]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x1, sum1);
            sum2 = V.MultiplyAdd(V.Load(weights + (2 * V.Lanes)), x2, sum2);
            sum3 = V.MultiplyAdd(V.Load(weights + (3 * V.Lanes)), x3, sum3);
            sum4 = V.MultiplyAdd(V.Load(weights + (4 * V.Lanes)), x4, sum4);
            sum5 = V.MultiplyAdd(V.Load(weights + (5 * V.Lanes)), x5, sum5);
            sum6 = V.MultiplyAdd(V.Load(weights + (6 * V.Lanes)), x6, sum6);
            sum7 = V.MultiplyAdd(V.Load(weights + (7 * V.Lanes)), x7, sum7);
            weights += 8 * V.Lanes;
        }

        for (; column < columns; column++)
        {
            var x0 = V.Broadcast(x[column]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            weights += V.Lanes;
        }

        (((sum0 + sum1) + (sum2 + sum3)) + ((sum4 + sum5) + (sum6 + sum7))).Store(y);
    }

    /// <summary>Two vectors of rows times four vectors x.</summary>
    /// <param name="columnFloats">Floats from one column of the panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TileOfTwo(float* weights, int columnFloats, float* x, int xStride, int columns, float* initial, float* y, int yStride)
    {
        var x1 = x + xStride;
        var x2 = x1 + xStride;
        var x3 = x2 + xStride;
        var sum00 = V.Load(initial);
        var sum01 = V.Load(initial + V.Lanes);
        var sum10 = sum00;
        var sum11 = sum01;
        var sum20 = sum00;
        var sum21 = sum01;
        var sum30 = sum00;
        var sum31 = sum01;
        for (var column = 0; column < columns; column++)
        {
            var weights0 = V.Load(weights);
            var weights1 = V.Load(weights + V.Lanes);
            var at0 = V.Broadcast(x[column]);
            sum00 = V.MultiplyAdd(weights0, at0, sum00);
            sum01 = V.MultiplyAdd(weights1, at0, sum01);
            var at1 = V.Broadcast(x1[column]);
            sum10 = V.MultiplyAdd(weights0, at1, sum10);
            sum11 = V.MultiplyAdd(weights1, at1, sum11);
            var at2 = V.Broadcast(x2[column]);
            sum20 = V.MultiplyAdd(weights0, at2, sum20);
            sum21 = V.MultiplyAdd(weights1, at2, sum21);
            var at3 = V.Broadcast(x3[column]);
            sum30 = V.MultiplyAdd(weights0, at3, sum30);
            sum31 = V.MultiplyAdd(weights1, at3, sum31);
            weights += columnFloats;
        }

        sum00.Store(y);
        sum01.Store(y + V.Lanes);
        y += yStride;
        sum10.Store(y);
        sum11.Store(y + V.Lanes);
        y += yStride;
        sum20.Store(y);
        sum21.Store(y + V.Lanes);
        y += yStride;
        sum30.Store(y);
        sum31.Store(y + V.Lanes);
    }

    /// <summary>One vector of rows times four vectors x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TileOfOne(float* weights, float* x, int xStride, int columns, float* initial, float* y, int yStride)
    {
        var x1 = x + xStride;
        var x2 = x1 + xStride;
        var x3 = x2 + xStride;
        var sum0 = V.Load(initial);
        var sum1 = sum0;
        var sum2 = sum0;
        var sum3 = sum0;
        for (var column = 0; column < columns; column++)
        {
            var weight = V.Load(weights);
            sum0 = V.MultiplyAdd(weight, V.Broadcast(x[column]), sum0);
            sum1 = V.MultiplyAdd(weight, V.Broadcast(x1[column]), sum1);
            sum2 = V.MultiplyAdd(weight, V.Broadcast(x2[column]), sum2);
            sum3 = V.MultiplyAdd(weight, V.Broadcast(x3[column]), sum3);
            weights += V.Lanes;
        }

        sum0.Store(y);
        y += yStride;
        sum1.Store(y);
        y += yStride;
        sum2.Store(y);
        y += yStride;
        sum3.Store(y);
    }
}
