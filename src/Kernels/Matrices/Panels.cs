using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// A dense matrix cut into panels of as many vectors of rows as are asked for, up to 4, the last with what is left. Within a panel,
/// column follows column, so a product reads the weights once from front to back: each column's vectors times one broadcast x[j].
/// A panel of v vectors takes 8 / v columns at once, so that there are always eight or nine independent sums to hide the latency
/// of the multiply-add.
/// </summary>
/// <remarks>
/// A product goes through the panels forwards or backwards, with the same result to the last bit. Who takes turns finds what the
/// last product left in the cache: of weights larger than a cache, as much as it holds, where one order alone would find nothing.
/// </remarks>
internal sealed unsafe class Panels<V>
    where V : unmanaged, IVector<V>
{
    public const int Widest = 4;

    // Below this many vectors x, products one by one are no slower than a tile that is mostly empty.
    private const int MinTile = 3;

    private readonly Aligned<float> weights;
    private readonly int columns;
    private readonly int vectors;
    private readonly int widest;

    /// <summary>Rows as they stand.</summary>
    /// <param name="source">Row-major, <paramref name="rows"/> x <paramref name="columns"/>.</param>
    public Panels(int rows, int columns, ReadOnlySpan<float> source)
        : this(new UnitOrder(1, rows, V.Lanes), columns, source)
    {
    }

    /// <summary>
    /// Rows gate by gate, packed in the order of their units: a panel for all gates of a vector of units, of one gate panels of four
    /// vectors.
    /// </summary>
    /// <param name="source">Row-major, [gates * units, columns].</param>
    public Panels(UnitOrder order, int columns, ReadOnlySpan<float> source)
    {
        var rows = order.Gates * order.Units;
        var sources = order.Sources();
        this.columns = columns;
        widest = order.Gates == 1 ? Widest : order.Gates;
        vectors = (rows + V.Lanes - 1) / V.Lanes;
        weights = new Aligned<float>(checked(vectors * V.Lanes * columns));
        for (var first = 0; first < vectors; first += widest)
        {
            var panel = Panel(first);
            var panelRows = Width(first) * V.Lanes;
            Pack(source, sources.AsSpan(first * V.Lanes, Math.Min(rows - (first * V.Lanes), panelRows)), columns, panel, panelRows);
        }
    }

    public long ResidentBytes => weights.Bytes;

    // Column by column, so that what is written is written in order; the rows that are read meanwhile stay in the cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(ReadOnlySpan<float> source, ReadOnlySpan<int> sources, int columns, float* panel, int panelRows)
    {
        fixed (float* start = source)
        {
            for (var column = 0; column < columns; column++)
            {
                for (var row = 0; row < sources.Length; row++)
                {
                    panel[row] = start[((long)sources[row] * columns) + column];
                }

                panel += panelRows;
            }
        }
    }

    private int Count => (vectors + widest - 1) / widest;

    /// <summary>y = initial + W x</summary>
    public void Multiply(float* x, float* initial, float* y, bool backwards)
    {
        for (var turn = 0; turn < Count; turn++)
        {
            var index = backwards ? Count - 1 - turn : turn;
            var row = index * widest * V.Lanes;
            MultiplyPanel(index, x, initial + row, y + row);
        }
    }

    /// <summary>The rows of one panel.</summary>
    /// <param name="initial">Of the panel's first row; so is <paramref name="y"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyPanel(int index, float* x, float* initial, float* y)
    {
        var first = index * widest;
        var panel = Panel(first);
        switch (Width(first))
        {
            case 4:
                PanelProducts<V>.Four(panel, x, columns, initial, y);
                break;
            case 3:
                PanelProducts<V>.Three(panel, x, columns, initial, y);
                break;
            case 2:
                PanelProducts<V>.Two(panel, x, columns, initial, y);
                break;
            default:
                PanelProducts<V>.One(panel, x, columns, initial, y);
                break;
        }
    }

    /// <summary>y_s = initial_s + W x_s</summary>
    /// <param name="xStride">Floats from one x to the next; those of <paramref name="initial"/> and <paramref name="y"/> likewise.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyMany(float* x, int xStride, int steps, float* initial, int initialStride, float* y, int yStride)
    {
        if (steps < MinTile)
        {
            for (var step = 0; step < steps; step++)
            {
                Multiply(x + ((long)step * xStride), initial + ((long)step * initialStride), y + ((long)step * yStride), backwards: step % 2 == 1);
            }

            return;
        }

        // A panel stays in the cache while all steps pass by it.
        for (var first = 0; first < vectors; first += widest)
        {
            for (var step = 0; step < steps; step += PanelTiles<V>.Steps)
            {
                var count = Math.Min(PanelTiles<V>.Steps, steps - step);
                var xs = new TileOperands(x + ((long)step * xStride), xStride, count);
                var initials = new TileOperands(initial + ((long)step * initialStride), initialStride, count);
                var ys = new TileOperands(y + ((long)step * yStride), yStride, count);
                MultiplyTile(first, xs, initials, ys);
            }
        }
    }

    private void MultiplyTile(int first, in TileOperands x, in TileOperands initial, in TileOperands y)
    {
        var panel = Panel(first);
        var width = Width(first);
        var columnFloats = width * V.Lanes;
        switch (width)
        {
            case 4 when V.HasManyRegisters:
                PanelTiles<V>.Four(panel, columnFloats, x, columns, initial, y, first * V.Lanes);
                return;
            case 3 when V.HasManyRegisters:
                PanelTiles<V>.Three(panel, columnFloats, x, columns, initial, y, first * V.Lanes);
                return;
        }

        var vector = 0;
        for (; vector <= width - 2; vector += 2)
        {
            PanelTiles<V>.Two(panel + (vector * V.Lanes), columnFloats, x, columns, initial, y, (first + vector) * V.Lanes);
        }

        if (vector < width)
        {
            PanelTiles<V>.One(panel + (vector * V.Lanes), columnFloats, x, columns, initial, y, (first + vector) * V.Lanes);
        }
    }

    /// <summary>Where the panel begins whose first rows are those of vector <paramref name="first"/>.</summary>
    private float* Panel(int first) => weights.Pointer + ((long)first * V.Lanes * columns);

    private int Width(int first) => Math.Min(widest, vectors - first);
}
