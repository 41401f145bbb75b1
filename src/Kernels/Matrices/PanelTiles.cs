using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// The inner loops over one panel and six vectors x: each weight that is loaded is used six times, each x as often as the tile has
/// vectors of rows. Sums are named, not indexed: only so does the compiler keep all of them in registers.
/// </summary>
internal static unsafe class PanelTiles<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Vectors x that a tile multiplies with at once.</summary>
    public const int Steps = 6;

    /// <summary>Four vectors of rows: 24 sums, for processors with 32 vector registers.</summary>
    /// <param name="columnFloats">Floats from one column of the panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(float* weights, int columnFloats, in TileOperands x, int columns, in TileOperands initial, in TileOperands y, int row)
    {
        var x0 = x.At0;
        var x1 = x.At1;
        var x2 = x.At2;
        var x3 = x.At3;
        var x4 = x.At4;
        var x5 = x.At5;
        var initial0 = initial.At0 + row;
        var sum00 = V.Load(initial0);
        var sum01 = V.Load(initial0 + V.Lanes);
        var sum02 = V.Load(initial0 + (2 * V.Lanes));
        var sum03 = V.Load(initial0 + (3 * V.Lanes));
        var initial1 = initial.At1 + row;
        var sum10 = V.Load(initial1);
        var sum11 = V.Load(initial1 + V.Lanes);
        var sum12 = V.Load(initial1 + (2 * V.Lanes));
        var sum13 = V.Load(initial1 + (3 * V.Lanes));
        var initial2 = initial.At2 + row;
        var sum20 = V.Load(initial2);
        var sum21 = V.Load(initial2 + V.Lanes);
        var sum22 = V.Load(initial2 + (2 * V.Lanes));
        var sum23 = V.Load(initial2 + (3 * V.Lanes));
        var initial3 = initial.At3 + row;
        var sum30 = V.Load(initial3);
        var sum31 = V.Load(initial3 + V.Lanes);
        var sum32 = V.Load(initial3 + (2 * V.Lanes));
        var sum33 = V.Load(initial3 + (3 * V.Lanes));
        var initial4 = initial.At4 + row;
        var sum40 = V.Load(initial4);
        var sum41 = V.Load(initial4 + V.Lanes);
        var sum42 = V.Load(initial4 + (2 * V.Lanes));
        var sum43 = V.Load(initial4 + (3 * V.Lanes));
        var initial5 = initial.At5 + row;
        var sum50 = V.Load(initial5);
        var sum51 = V.Load(initial5 + V.Lanes);
        var sum52 = V.Load(initial5 + (2 * V.Lanes));
        var sum53 = V.Load(initial5 + (3 * V.Lanes));
        for (var column = 0; column < columns; column++)
        {
            var weights0 = V.Load(weights);
            var weights1 = V.Load(weights + V.Lanes);
            var weights2 = V.Load(weights + (2 * V.Lanes));
            var weights3 = V.Load(weights + (3 * V.Lanes));
            var at0 = V.Broadcast(x0[column]);
            sum00 = V.MultiplyAdd(weights0, at0, sum00);
            sum01 = V.MultiplyAdd(weights1, at0, sum01);
            sum02 = V.MultiplyAdd(weights2, at0, sum02);
            sum03 = V.MultiplyAdd(weights3, at0, sum03);
            var at1 = V.Broadcast(x1[column]);
            sum10 = V.MultiplyAdd(weights0, at1, sum10);
            sum11 = V.MultiplyAdd(weights1, at1, sum11);
            sum12 = V.MultiplyAdd(weights2, at1, sum12);
            sum13 = V.MultiplyAdd(weights3, at1, sum13);
            var at2 = V.Broadcast(x2[column]);
            sum20 = V.MultiplyAdd(weights0, at2, sum20);
            sum21 = V.MultiplyAdd(weights1, at2, sum21);
            sum22 = V.MultiplyAdd(weights2, at2, sum22);
            sum23 = V.MultiplyAdd(weights3, at2, sum23);
            var at3 = V.Broadcast(x3[column]);
            sum30 = V.MultiplyAdd(weights0, at3, sum30);
            sum31 = V.MultiplyAdd(weights1, at3, sum31);
            sum32 = V.MultiplyAdd(weights2, at3, sum32);
            sum33 = V.MultiplyAdd(weights3, at3, sum33);
            var at4 = V.Broadcast(x4[column]);
            sum40 = V.MultiplyAdd(weights0, at4, sum40);
            sum41 = V.MultiplyAdd(weights1, at4, sum41);
            sum42 = V.MultiplyAdd(weights2, at4, sum42);
            sum43 = V.MultiplyAdd(weights3, at4, sum43);
            var at5 = V.Broadcast(x5[column]);
            sum50 = V.MultiplyAdd(weights0, at5, sum50);
            sum51 = V.MultiplyAdd(weights1, at5, sum51);
            sum52 = V.MultiplyAdd(weights2, at5, sum52);
            sum53 = V.MultiplyAdd(weights3, at5, sum53);
            weights += columnFloats;
        }

        var y0 = y.At0 + row;
        sum00.Store(y0);
        sum01.Store(y0 + V.Lanes);
        sum02.Store(y0 + (2 * V.Lanes));
        sum03.Store(y0 + (3 * V.Lanes));
        var y1 = y.At1 + row;
        sum10.Store(y1);
        sum11.Store(y1 + V.Lanes);
        sum12.Store(y1 + (2 * V.Lanes));
        sum13.Store(y1 + (3 * V.Lanes));
        var y2 = y.At2 + row;
        sum20.Store(y2);
        sum21.Store(y2 + V.Lanes);
        sum22.Store(y2 + (2 * V.Lanes));
        sum23.Store(y2 + (3 * V.Lanes));
        var y3 = y.At3 + row;
        sum30.Store(y3);
        sum31.Store(y3 + V.Lanes);
        sum32.Store(y3 + (2 * V.Lanes));
        sum33.Store(y3 + (3 * V.Lanes));
        var y4 = y.At4 + row;
        sum40.Store(y4);
        sum41.Store(y4 + V.Lanes);
        sum42.Store(y4 + (2 * V.Lanes));
        sum43.Store(y4 + (3 * V.Lanes));
        var y5 = y.At5 + row;
        sum50.Store(y5);
        sum51.Store(y5 + V.Lanes);
        sum52.Store(y5 + (2 * V.Lanes));
        sum53.Store(y5 + (3 * V.Lanes));
    }

    /// <summary>Three vectors of rows: 18 sums, for processors with 32 vector registers.</summary>
    /// <param name="columnFloats">Floats from one column of the panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Three(float* weights, int columnFloats, in TileOperands x, int columns, in TileOperands initial, in TileOperands y, int row)
    {
        var x0 = x.At0;
        var x1 = x.At1;
        var x2 = x.At2;
        var x3 = x.At3;
        var x4 = x.At4;
        var x5 = x.At5;
        var initial0 = initial.At0 + row;
        var sum00 = V.Load(initial0);
        var sum01 = V.Load(initial0 + V.Lanes);
        var sum02 = V.Load(initial0 + (2 * V.Lanes));
        var initial1 = initial.At1 + row;
        var sum10 = V.Load(initial1);
        var sum11 = V.Load(initial1 + V.Lanes);
        var sum12 = V.Load(initial1 + (2 * V.Lanes));
        var initial2 = initial.At2 + row;
        var sum20 = V.Load(initial2);
        var sum21 = V.Load(initial2 + V.Lanes);
        var sum22 = V.Load(initial2 + (2 * V.Lanes));
        var initial3 = initial.At3 + row;
        var sum30 = V.Load(initial3);
        var sum31 = V.Load(initial3 + V.Lanes);
        var sum32 = V.Load(initial3 + (2 * V.Lanes));
        var initial4 = initial.At4 + row;
        var sum40 = V.Load(initial4);
        var sum41 = V.Load(initial4 + V.Lanes);
        var sum42 = V.Load(initial4 + (2 * V.Lanes));
        var initial5 = initial.At5 + row;
        var sum50 = V.Load(initial5);
        var sum51 = V.Load(initial5 + V.Lanes);
        var sum52 = V.Load(initial5 + (2 * V.Lanes));
        for (var column = 0; column < columns; column++)
        {
            var weights0 = V.Load(weights);
            var weights1 = V.Load(weights + V.Lanes);
            var weights2 = V.Load(weights + (2 * V.Lanes));
            var at0 = V.Broadcast(x0[column]);
            sum00 = V.MultiplyAdd(weights0, at0, sum00);
            sum01 = V.MultiplyAdd(weights1, at0, sum01);
            sum02 = V.MultiplyAdd(weights2, at0, sum02);
            var at1 = V.Broadcast(x1[column]);
            sum10 = V.MultiplyAdd(weights0, at1, sum10);
            sum11 = V.MultiplyAdd(weights1, at1, sum11);
            sum12 = V.MultiplyAdd(weights2, at1, sum12);
            var at2 = V.Broadcast(x2[column]);
            sum20 = V.MultiplyAdd(weights0, at2, sum20);
            sum21 = V.MultiplyAdd(weights1, at2, sum21);
            sum22 = V.MultiplyAdd(weights2, at2, sum22);
            var at3 = V.Broadcast(x3[column]);
            sum30 = V.MultiplyAdd(weights0, at3, sum30);
            sum31 = V.MultiplyAdd(weights1, at3, sum31);
            sum32 = V.MultiplyAdd(weights2, at3, sum32);
            var at4 = V.Broadcast(x4[column]);
            sum40 = V.MultiplyAdd(weights0, at4, sum40);
            sum41 = V.MultiplyAdd(weights1, at4, sum41);
            sum42 = V.MultiplyAdd(weights2, at4, sum42);
            var at5 = V.Broadcast(x5[column]);
            sum50 = V.MultiplyAdd(weights0, at5, sum50);
            sum51 = V.MultiplyAdd(weights1, at5, sum51);
            sum52 = V.MultiplyAdd(weights2, at5, sum52);
            weights += columnFloats;
        }

        var y0 = y.At0 + row;
        sum00.Store(y0);
        sum01.Store(y0 + V.Lanes);
        sum02.Store(y0 + (2 * V.Lanes));
        var y1 = y.At1 + row;
        sum10.Store(y1);
        sum11.Store(y1 + V.Lanes);
        sum12.Store(y1 + (2 * V.Lanes));
        var y2 = y.At2 + row;
        sum20.Store(y2);
        sum21.Store(y2 + V.Lanes);
        sum22.Store(y2 + (2 * V.Lanes));
        var y3 = y.At3 + row;
        sum30.Store(y3);
        sum31.Store(y3 + V.Lanes);
        sum32.Store(y3 + (2 * V.Lanes));
        var y4 = y.At4 + row;
        sum40.Store(y4);
        sum41.Store(y4 + V.Lanes);
        sum42.Store(y4 + (2 * V.Lanes));
        var y5 = y.At5 + row;
        sum50.Store(y5);
        sum51.Store(y5 + V.Lanes);
        sum52.Store(y5 + (2 * V.Lanes));
    }

    /// <summary>Two vectors of rows: 12 sums, for processors with 16 vector registers.</summary>
    /// <param name="columnFloats">Floats from one column of the panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(float* weights, int columnFloats, in TileOperands x, int columns, in TileOperands initial, in TileOperands y, int row)
    {
        var x0 = x.At0;
        var x1 = x.At1;
        var x2 = x.At2;
        var x3 = x.At3;
        var x4 = x.At4;
        var x5 = x.At5;
        var initial0 = initial.At0 + row;
        var sum00 = V.Load(initial0);
        var sum01 = V.Load(initial0 + V.Lanes);
        var initial1 = initial.At1 + row;
        var sum10 = V.Load(initial1);
        var sum11 = V.Load(initial1 + V.Lanes);
        var initial2 = initial.At2 + row;
        var sum20 = V.Load(initial2);
        var sum21 = V.Load(initial2 + V.Lanes);
        var initial3 = initial.At3 + row;
        var sum30 = V.Load(initial3);
        var sum31 = V.Load(initial3 + V.Lanes);
        var initial4 = initial.At4 + row;
        var sum40 = V.Load(initial4);
        var sum41 = V.Load(initial4 + V.Lanes);
        var initial5 = initial.At5 + row;
        var sum50 = V.Load(initial5);
        var sum51 = V.Load(initial5 + V.Lanes);
        for (var column = 0; column < columns; column++)
        {
            var weights0 = V.Load(weights);
            var weights1 = V.Load(weights + V.Lanes);
            var at0 = V.Broadcast(x0[column]);
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
            var at4 = V.Broadcast(x4[column]);
            sum40 = V.MultiplyAdd(weights0, at4, sum40);
            sum41 = V.MultiplyAdd(weights1, at4, sum41);
            var at5 = V.Broadcast(x5[column]);
            sum50 = V.MultiplyAdd(weights0, at5, sum50);
            sum51 = V.MultiplyAdd(weights1, at5, sum51);
            weights += columnFloats;
        }

        var y0 = y.At0 + row;
        sum00.Store(y0);
        sum01.Store(y0 + V.Lanes);
        var y1 = y.At1 + row;
        sum10.Store(y1);
        sum11.Store(y1 + V.Lanes);
        var y2 = y.At2 + row;
        sum20.Store(y2);
        sum21.Store(y2 + V.Lanes);
        var y3 = y.At3 + row;
        sum30.Store(y3);
        sum31.Store(y3 + V.Lanes);
        var y4 = y.At4 + row;
        sum40.Store(y4);
        sum41.Store(y4 + V.Lanes);
        var y5 = y.At5 + row;
        sum50.Store(y5);
        sum51.Store(y5 + V.Lanes);
    }

    /// <summary>One vector of rows.</summary>
    /// <param name="columnFloats">Floats from one column of the panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(float* weights, int columnFloats, in TileOperands x, int columns, in TileOperands initial, in TileOperands y, int row)
    {
        var x0 = x.At0;
        var x1 = x.At1;
        var x2 = x.At2;
        var x3 = x.At3;
        var x4 = x.At4;
        var x5 = x.At5;
        var initial0 = initial.At0 + row;
        var sum00 = V.Load(initial0);
        var initial1 = initial.At1 + row;
        var sum10 = V.Load(initial1);
        var initial2 = initial.At2 + row;
        var sum20 = V.Load(initial2);
        var initial3 = initial.At3 + row;
        var sum30 = V.Load(initial3);
        var initial4 = initial.At4 + row;
        var sum40 = V.Load(initial4);
        var initial5 = initial.At5 + row;
        var sum50 = V.Load(initial5);
        for (var column = 0; column < columns; column++)
        {
            var weights0 = V.Load(weights);
            var at0 = V.Broadcast(x0[column]);
            sum00 = V.MultiplyAdd(weights0, at0, sum00);
            var at1 = V.Broadcast(x1[column]);
            sum10 = V.MultiplyAdd(weights0, at1, sum10);
            var at2 = V.Broadcast(x2[column]);
            sum20 = V.MultiplyAdd(weights0, at2, sum20);
            var at3 = V.Broadcast(x3[column]);
            sum30 = V.MultiplyAdd(weights0, at3, sum30);
            var at4 = V.Broadcast(x4[column]);
            sum40 = V.MultiplyAdd(weights0, at4, sum40);
            var at5 = V.Broadcast(x5[column]);
            sum50 = V.MultiplyAdd(weights0, at5, sum50);
            weights += columnFloats;
        }

        var y0 = y.At0 + row;
        sum00.Store(y0);
        var y1 = y.At1 + row;
        sum10.Store(y1);
        var y2 = y.At2 + row;
        sum20.Store(y2);
        var y3 = y.At3 + row;
        sum30.Store(y3);
        var y4 = y.At4 + row;
        sum40.Store(y4);
        var y5 = y.At5 + row;
        sum50.Store(y5);
    }
}

/// <summary>Where the vectors of a tile are. Where a tile has fewer, the last one stands in for those that are missing.</summary>
internal readonly unsafe struct TileOperands
{
    public readonly float* At0;
    public readonly float* At1;
    public readonly float* At2;
    public readonly float* At3;
    public readonly float* At4;
    public readonly float* At5;

    public TileOperands(float* first, long stride, int count)
    {
        At0 = first;
        At1 = first + (stride * Math.Min(1, count - 1));
        At2 = first + (stride * Math.Min(2, count - 1));
        At3 = first + (stride * Math.Min(3, count - 1));
        At4 = first + (stride * Math.Min(4, count - 1));
        At5 = first + (stride * Math.Min(5, count - 1));
    }
}
