using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// The inner loops over one panel. Sums are named, not indexed: only so does the compiler keep all of them in registers.
/// </summary>
internal static unsafe class PanelProducts<V>
    where V : unmanaged, IVector<V>
{
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

    /// <summary>A panel of three vectors of rows, three columns at a time; their sums are added up at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Three(float* weights, float* x, int columns, float* initial, float* y)
    {
        var sum0 = V.Load(initial);
        var sum1 = V.Load(initial + V.Lanes);
        var sum2 = V.Load(initial + (2 * V.Lanes));
        var sum3 = V.Broadcast(0);
        var sum4 = V.Broadcast(0);
        var sum5 = V.Broadcast(0);
        var sum6 = V.Broadcast(0);
        var sum7 = V.Broadcast(0);
        var sum8 = V.Broadcast(0);
        var column = 0;
        for (; column <= columns - 3; column += 3)
        {
            var x0 = V.Broadcast(x[column]);
            var x1 = V.Broadcast(x[column + 1]);
            var x2 = V.Broadcast(x[column + 2]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x0, sum1);
            sum2 = V.MultiplyAdd(V.Load(weights + (2 * V.Lanes)), x0, sum2);
            sum3 = V.MultiplyAdd(V.Load(weights + (3 * V.Lanes)), x1, sum3);
            sum4 = V.MultiplyAdd(V.Load(weights + (4 * V.Lanes)), x1, sum4);
            sum5 = V.MultiplyAdd(V.Load(weights + (5 * V.Lanes)), x1, sum5);
            sum6 = V.MultiplyAdd(V.Load(weights + (6 * V.Lanes)), x2, sum6);
            sum7 = V.MultiplyAdd(V.Load(weights + (7 * V.Lanes)), x2, sum7);
            sum8 = V.MultiplyAdd(V.Load(weights + (8 * V.Lanes)), x2, sum8);
            weights += 9 * V.Lanes;
        }

        for (; column < columns; column++)
        {
            var x0 = V.Broadcast(x[column]);
            sum0 = V.MultiplyAdd(V.Load(weights), x0, sum0);
            sum1 = V.MultiplyAdd(V.Load(weights + V.Lanes), x0, sum1);
            sum2 = V.MultiplyAdd(V.Load(weights + (2 * V.Lanes)), x0, sum2);
            weights += 3 * V.Lanes;
        }

        (sum0 + sum3 + sum6).Store(y);
        (sum1 + sum4 + sum7).Store(y + V.Lanes);
        (sum2 + sum5 + sum8).Store(y + (2 * V.Lanes));
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
}
