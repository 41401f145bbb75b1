using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// The inner loops over one panel of bytes: always eight independent sums, to hide the latency of the dot product. Sums are named,
/// not indexed: only so does the compiler keep all of them in registers.
/// </summary>
internal static unsafe class Int8Products<D>
    where D : unmanaged, IDotVector<D>
{
    private static int VectorBytes => 4 * D.Lanes;

    /// <summary>Eight vectors of rows, a group of four columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Eight(in Int8Rows rows, float* operand, float* initial, float* y)
    {
        var weights = rows.Weights;
        var groupBytes = rows.GroupBytes;
        var bytes = Int8Operand.Bytes(operand);
        var sum0 = D.Load(rows.Starts);
        var sum1 = D.Load(rows.Starts + D.Lanes);
        var sum2 = D.Load(rows.Starts + (2 * D.Lanes));
        var sum3 = D.Load(rows.Starts + (3 * D.Lanes));
        var sum4 = D.Load(rows.Starts + (4 * D.Lanes));
        var sum5 = D.Load(rows.Starts + (5 * D.Lanes));
        var sum6 = D.Load(rows.Starts + (6 * D.Lanes));
        var sum7 = D.Load(rows.Starts + (7 * D.Lanes));
        for (var group = 0; group < rows.Groups; group++)
        {
            var x0 = D.Broadcast(bytes[group]);
            sum0 = D.Dot(D.Load(weights), x0, sum0);
            sum1 = D.Dot(D.Load(weights + VectorBytes), x0, sum1);
            sum2 = D.Dot(D.Load(weights + (2 * VectorBytes)), x0, sum2);
            sum3 = D.Dot(D.Load(weights + (3 * VectorBytes)), x0, sum3);
            sum4 = D.Dot(D.Load(weights + (4 * VectorBytes)), x0, sum4);
            sum5 = D.Dot(D.Load(weights + (5 * VectorBytes)), x0, sum5);
            sum6 = D.Dot(D.Load(weights + (6 * VectorBytes)), x0, sum6);
            sum7 = D.Dot(D.Load(weights + (7 * VectorBytes)), x0, sum7);
            weights += groupBytes;
        }

        var scale = Int8Operand.Scale(operand);
        sum0.Finish(initial, rows.Scales, scale, y);
        sum1.Finish(initial + D.Lanes, rows.Scales + D.Lanes, scale, y + D.Lanes);
        sum2.Finish(initial + (2 * D.Lanes), rows.Scales + (2 * D.Lanes), scale, y + (2 * D.Lanes));
        sum3.Finish(initial + (3 * D.Lanes), rows.Scales + (3 * D.Lanes), scale, y + (3 * D.Lanes));
        sum4.Finish(initial + (4 * D.Lanes), rows.Scales + (4 * D.Lanes), scale, y + (4 * D.Lanes));
        sum5.Finish(initial + (5 * D.Lanes), rows.Scales + (5 * D.Lanes), scale, y + (5 * D.Lanes));
        sum6.Finish(initial + (6 * D.Lanes), rows.Scales + (6 * D.Lanes), scale, y + (6 * D.Lanes));
        sum7.Finish(initial + (7 * D.Lanes), rows.Scales + (7 * D.Lanes), scale, y + (7 * D.Lanes));
    }

    /// <summary>Four vectors of rows, two groups of columns at a time; their sums are added up at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in Int8Rows rows, float* operand, float* initial, float* y)
    {
        var weights = rows.Weights;
        var groupBytes = rows.GroupBytes;
        var bytes = Int8Operand.Bytes(operand);
        var sum0 = D.Load(rows.Starts);
        var sum1 = D.Load(rows.Starts + D.Lanes);
        var sum2 = D.Load(rows.Starts + (2 * D.Lanes));
        var sum3 = D.Load(rows.Starts + (3 * D.Lanes));
        var sum4 = D.Broadcast(0);
        var sum5 = D.Broadcast(0);
        var sum6 = D.Broadcast(0);
        var sum7 = D.Broadcast(0);
        var group = 0;
        for (; group <= rows.Groups - 2; group += 2)
        {
            var x0 = D.Broadcast(bytes[group]);
            sum0 = D.Dot(D.Load(weights), x0, sum0);
            sum1 = D.Dot(D.Load(weights + VectorBytes), x0, sum1);
            sum2 = D.Dot(D.Load(weights + (2 * VectorBytes)), x0, sum2);
            sum3 = D.Dot(D.Load(weights + (3 * VectorBytes)), x0, sum3);
            weights += groupBytes;
            var x1 = D.Broadcast(bytes[group + 1]);
            sum4 = D.Dot(D.Load(weights), x1, sum4);
            sum5 = D.Dot(D.Load(weights + VectorBytes), x1, sum5);
            sum6 = D.Dot(D.Load(weights + (2 * VectorBytes)), x1, sum6);
            sum7 = D.Dot(D.Load(weights + (3 * VectorBytes)), x1, sum7);
            weights += groupBytes;
        }

        for (; group < rows.Groups; group++)
        {
            var x0 = D.Broadcast(bytes[group]);
            sum0 = D.Dot(D.Load(weights), x0, sum0);
            sum1 = D.Dot(D.Load(weights + VectorBytes), x0, sum1);
            sum2 = D.Dot(D.Load(weights + (2 * VectorBytes)), x0, sum2);
            sum3 = D.Dot(D.Load(weights + (3 * VectorBytes)), x0, sum3);
            weights += groupBytes;
        }

        var scale = Int8Operand.Scale(operand);
        (sum0 + sum4).Finish(initial, rows.Scales, scale, y);
        (sum1 + sum5).Finish(initial + D.Lanes, rows.Scales + D.Lanes, scale, y + D.Lanes);
        (sum2 + sum6).Finish(initial + (2 * D.Lanes), rows.Scales + (2 * D.Lanes), scale, y + (2 * D.Lanes));
        (sum3 + sum7).Finish(initial + (3 * D.Lanes), rows.Scales + (3 * D.Lanes), scale, y + (3 * D.Lanes));
    }

    /// <summary>Two vectors of rows, four groups of columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(in Int8Rows rows, float* operand, float* initial, float* y)
    {
        var weights = rows.Weights;
        var groupBytes = rows.GroupBytes;
        var bytes = Int8Operand.Bytes(operand);
        var sum0 = D.Load(rows.Starts);
        var sum1 = D.Load(rows.Starts + D.Lanes);
        var sum2 = D.Broadcast(0);
        var sum3 = D.Broadcast(0);
        var sum4 = D.Broadcast(0);
        var sum5 = D.Broadcast(0);
        var sum6 = D.Broadcast(0);
        var sum7 = D.Broadcast(0);
        var group = 0;
        for (; group <= rows.Groups - 4; group += 4)
        {
            var x0 = D.Broadcast(bytes[group]);
            sum0 = D.Dot(D.Load(weights), x0, sum0);
            sum1 = D.Dot(D.Load(weights + VectorBytes), x0, sum1);
            weights += groupBytes;
            var x1 = D.Broadcast(bytes[group + 1]);
            sum2 = D.Dot(D.Load(weights), x1, sum2);
            sum3 = D.Dot(D.Load(weights + VectorBytes), x1, sum3);
            weights += groupBytes;
            var x2 = D.Broadcast(bytes[group + 2]);
            sum4 = D.Dot(D.Load(weights), x2, sum4);
            sum5 = D.Dot(D.Load(weights + VectorBytes), x2, sum5);
            weights += groupBytes;
            var x3 = D.Broadcast(bytes[group + 3]);
            sum6 = D.Dot(D.Load(weights), x3, sum6);
            sum7 = D.Dot(D.Load(weights + VectorBytes), x3, sum7);
            weights += groupBytes;
        }

        for (; group < rows.Groups; group++)
        {
            var x0 = D.Broadcast(bytes[group]);
            sum0 = D.Dot(D.Load(weights), x0, sum0);
            sum1 = D.Dot(D.Load(weights + VectorBytes), x0, sum1);
            weights += groupBytes;
        }

        var scale = Int8Operand.Scale(operand);
        ((sum0 + sum2) + (sum4 + sum6)).Finish(initial, rows.Scales, scale, y);
        ((sum1 + sum3) + (sum5 + sum7)).Finish(initial + D.Lanes, rows.Scales + D.Lanes, scale, y + D.Lanes);
    }

    /// <summary>One vector of rows, eight groups of columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in Int8Rows rows, float* operand, float* initial, float* y)
    {
        var weights = rows.Weights;
        var groupBytes = rows.GroupBytes;
        var bytes = Int8Operand.Bytes(operand);
        var sum0 = D.Load(rows.Starts);
        var sum1 = D.Broadcast(0);
        var sum2 = D.Broadcast(0);
        var sum3 = D.Broadcast(0);
        var sum4 = D.Broadcast(0);
        var sum5 = D.Broadcast(0);
        var sum6 = D.Broadcast(0);
        var sum7 = D.Broadcast(0);
        var group = 0;
        for (; group <= rows.Groups - 8; group += 8)
        {
            var x0 = D.Broadcast(bytes[group]);
            sum0 = D.Dot(D.Load(weights), x0, sum0);
            weights += groupBytes;
            var x1 = D.Broadcast(bytes[group + 1]);
            sum1 = D.Dot(D.Load(weights), x1, sum1);
            weights += groupBytes;
            var x2 = D.Broadcast(bytes[group + 2]);
            sum2 = D.Dot(D.Load(weights), x2, sum2);
            weights += groupBytes;
            var x3 = D.Broadcast(bytes[group + 3]);
            sum3 = D.Dot(D.Load(weights), x3, sum3);
            weights += groupBytes;
            var x4 = D.Broadcast(bytes[group + 4]);
            sum4 = D.Dot(D.Load(weights), x4, sum4);
            weights += groupBytes;
            var x5 = D.Broadcast(bytes[group + 5]);
            sum5 = D.Dot(D.Load(weights), x5, sum5);
            weights += groupBytes;
            var x6 = D.Broadcast(bytes[group + 6]);
            sum6 = D.Dot(D.Load(weights), x6, sum6);
            weights += groupBytes;
            var x7 = D.Broadcast(bytes[group + 7]);
            sum7 = D.Dot(D.Load(weights), x7, sum7);
            weights += groupBytes;
        }

        for (; group < rows.Groups; group++)
        {
            var x0 = D.Broadcast(bytes[group]);
            sum0 = D.Dot(D.Load(weights), x0, sum0);
            weights += groupBytes;
        }

        var scale = Int8Operand.Scale(operand);
        (((sum0 + sum1) + (sum2 + sum3)) + ((sum4 + sum5) + (sum6 + sum7))).Finish(initial, rows.Scales, scale, y);
    }
}
