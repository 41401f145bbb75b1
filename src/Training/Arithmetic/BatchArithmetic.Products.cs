using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fleet.Training.Arithmetic;

internal sealed unsafe partial class BatchArithmetic<T, V, S> : BatchArithmetic<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where S : struct, ISimd<T, V>
{
    // A tile is two vectors wide; a micro-batch has one to eight tiles, by vector width and type.
    private static int TileWidth => 2 * S.Count;

    public override void Multiply(PackedMatrix<T> matrix, T* x, T* y, int row, bool add)
    {
        var panel = matrix.Pointer;
        var depth = matrix.Depth;
        var target = y;
        for (var tall = 0; tall < matrix.TallPanels; tall++)
        {
            for (var column = 0; column < MicroBatch.Samples; column += TileWidth)
            {
                Tile<PanelLayout>(panel, 0, 1, depth, x + column, MicroBatch.Samples, target + column, row, add);
            }

            panel += (long)PackedMatrix<T>.TallPanel * depth;
            target += PackedMatrix<T>.TallPanel * row;
        }

        for (var first = matrix.TallPanels * PackedMatrix<T>.TallPanel; first < matrix.Rows; first += PackedMatrix<T>.LowPanel)
        {
            for (var column = 0; column < MicroBatch.Samples; column += TileWidth)
            {
                MultiplyLow(panel, depth, x + column, target + column, row, add, both: first + 1 < matrix.Rows);
            }

            panel += (long)PackedMatrix<T>.LowPanel * depth;
            target += PackedMatrix<T>.LowPanel * row;
        }
    }

    public override void AddOuter(T* a, int rows, long stride, int steps, BatchMajor<T> x, T* gradient)
    {
        var padded = BatchMajor<T>.Padded(x.Columns);
        for (var start = 0; start < padded; start += BatchMajor<T>.PanelWidth)
        {
            var width = BatchMajor<T>.Width(x.Columns, start);
            var panel = x.Panel(start);
            for (var row = 0; row < rows; row += PackedMatrix<T>.TallPanel)
            {
                var left = a + ((long)row * MicroBatch.Samples);
                var target = gradient + ((long)row * padded) + start;
                var column = 0;
                for (; column + TileWidth <= width; column += TileWidth)
                {
                    Tile<MicroBatchLayout>(left, stride, steps, MicroBatch.Samples, panel + column, width, target + column, padded, add: true);
                }

                for (; column < width; column += S.Count)
                {
                    AddOuterStrip(left, stride, steps, panel + column, width, target + column, padded);
                }
            }
        }
    }

    // 6 rows x 2 vectors of a product: target (+)= sum over runs and depth of left[row] x. A run is one time step of a weight
    // gradient; a product with a packed matrix has only one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile<TLeft>(T* left, long runStride, int runs, int depth, T* x, int width, T* target, int row, bool add)
        where TLeft : struct, ILeftLayout
    {
        var n = S.Count;
        V a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1;
        if (add)
        {
            (a0, a1) = (S.Load(target), S.Load(target + n));
            (b0, b1) = (S.Load(target + row), S.Load(target + row + n));
            (c0, c1) = (S.Load(target + (2 * row)), S.Load(target + (2 * row) + n));
            (d0, d1) = (S.Load(target + (3 * row)), S.Load(target + (3 * row) + n));
            (e0, e1) = (S.Load(target + (4 * row)), S.Load(target + (4 * row) + n));
            (f0, f1) = (S.Load(target + (5 * row)), S.Load(target + (5 * row) + n));
        }
        else
        {
            a0 = a1 = b0 = b1 = c0 = c1 = d0 = d1 = e0 = e1 = f0 = f1 = S.Constant(0);
        }

        for (var run = 0; run < runs; run++, left += runStride)
        {
            var from = left;
            for (var end = left + ((long)depth * TLeft.Depth); from < end; from += TLeft.Depth, x += width)
            {
                var x0 = S.Load(x);
                var x1 = S.Load(x + n);
                var w = S.Create(from[0]);
                a0 = S.MultiplyAdd(w, x0, a0);
                a1 = S.MultiplyAdd(w, x1, a1);
                w = S.Create(from[TLeft.Row]);
                b0 = S.MultiplyAdd(w, x0, b0);
                b1 = S.MultiplyAdd(w, x1, b1);
                w = S.Create(from[2 * TLeft.Row]);
                c0 = S.MultiplyAdd(w, x0, c0);
                c1 = S.MultiplyAdd(w, x1, c1);
                w = S.Create(from[3 * TLeft.Row]);
                d0 = S.MultiplyAdd(w, x0, d0);
                d1 = S.MultiplyAdd(w, x1, d1);
                w = S.Create(from[4 * TLeft.Row]);
                e0 = S.MultiplyAdd(w, x0, e0);
                e1 = S.MultiplyAdd(w, x1, e1);
                w = S.Create(from[5 * TLeft.Row]);
                f0 = S.MultiplyAdd(w, x0, f0);
                f1 = S.MultiplyAdd(w, x1, f1);
            }
        }

        Store(target, a0, a1);
        Store(target + row, b0, b1);
        Store(target + (2 * row), c0, c1);
        Store(target + (3 * row), d0, d1);
        Store(target + (4 * row), e0, e1);
        Store(target + (5 * row), f0, f1);
    }

    // 2 rows x 2 vectors: y (+)= panel x; of a last single row, the second is padding and is not stored.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MultiplyLow(T* panel, int depth, T* x, T* y, int row, bool add, bool both)
    {
        var n = S.Count;
        V a0, a1, b0, b1;
        a0 = a1 = b0 = b1 = S.Constant(0);
        if (add)
        {
            (a0, a1) = (S.Load(y), S.Load(y + n));
            if (both)
            {
                (b0, b1) = (S.Load(y + row), S.Load(y + row + n));
            }
        }

        for (var end = panel + ((long)depth * 2); panel < end; panel += 2, x += MicroBatch.Samples)
        {
            var x0 = S.Load(x);
            var x1 = S.Load(x + n);
            var w = S.Create(panel[0]);
            a0 = S.MultiplyAdd(w, x0, a0);
            a1 = S.MultiplyAdd(w, x1, a1);
            w = S.Create(panel[1]);
            b0 = S.MultiplyAdd(w, x0, b0);
            b1 = S.MultiplyAdd(w, x1, b1);
        }

        Store(y, a0, a1);
        if (both)
        {
            Store(y + row, b0, b1);
        }
    }

    // 6 rows x 1 vector of a weight gradient, for the columns that are left where a panel is not a whole number of tiles wide.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOuterStrip(T* left, long stride, int steps, T* x, int width, T* gradient, int padded)
    {
        const int Row = MicroBatch.Samples;
        var a = S.Load(gradient);
        var b = S.Load(gradient + padded);
        var c = S.Load(gradient + (2 * padded));
        var d = S.Load(gradient + (3 * padded));
        var e = S.Load(gradient + (4 * padded));
        var f = S.Load(gradient + (5 * padded));
        for (var step = 0; step < steps; step++, left += stride)
        {
            var from = left;
            for (var end = left + Row; from < end; from++, x += width)
            {
                var x0 = S.Load(x);
                a = S.MultiplyAdd(S.Create(from[0]), x0, a);
                b = S.MultiplyAdd(S.Create(from[Row]), x0, b);
                c = S.MultiplyAdd(S.Create(from[2 * Row]), x0, c);
                d = S.MultiplyAdd(S.Create(from[3 * Row]), x0, d);
                e = S.MultiplyAdd(S.Create(from[4 * Row]), x0, e);
                f = S.MultiplyAdd(S.Create(from[5 * Row]), x0, f);
            }
        }

        S.Store(gradient, a);
        S.Store(gradient + padded, b);
        S.Store(gradient + (2 * padded), c);
        S.Store(gradient + (3 * padded), d);
        S.Store(gradient + (4 * padded), e);
        S.Store(gradient + (5 * padded), f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* target, V first, V second)
    {
        S.Store(target, first);
        S.Store(target + S.Count, second);
    }

    // Where the left factor of a tile has its next row and its next column; constants to the compiler.
    private interface ILeftLayout
    {
        static abstract int Row { get; }

        static abstract int Depth { get; }
    }

    /// <summary>A panel of <see cref="PackedMatrix{T}"/>.</summary>
    private readonly struct PanelLayout : ILeftLayout
    {
        public static int Row => 1;

        public static int Depth => PackedMatrix<T>.TallPanel;
    }

    /// <summary>A micro-batch's vectors, [row, sample].</summary>
    private readonly struct MicroBatchLayout : ILeftLayout
    {
        public static int Row => MicroBatch.Samples;

        public static int Depth => 1;
    }
}
