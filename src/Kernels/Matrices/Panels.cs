using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// A dense matrix cut into panels of 8 vectors of rows, and where rows are left, of 4, 2 and 1. Within a panel, column follows
/// column, so a product reads the weights once from front to back: each column's vectors times one broadcast x[j].
/// A panel of v vectors takes 8 / v columns at once, so that there are always eight independent sums to hide the latency of
/// the multiply-add.
/// </summary>
internal sealed unsafe class Panels<V>
    where V : unmanaged, IVector<V>
{
    private readonly Aligned<float> weights;
    private readonly int columns;
    private readonly int vectors;

    /// <param name="source">Row-major, <paramref name="rows"/> x <paramref name="columns"/>.</param>
    public Panels(int rows, int columns, ReadOnlySpan<float> source)
    {
        this.columns = columns;
        vectors = (rows + V.Lanes - 1) / V.Lanes;
        weights = new Aligned<float>(checked(vectors * V.Lanes * columns));
        var panel = weights.Pointer;
        for (var first = 0; first < vectors; first += Width(first))
        {
            var panelRows = Width(first) * V.Lanes;
            for (var row = 0; row < panelRows && (first * V.Lanes) + row < rows; row++)
            {
                var values = source.Slice(((first * V.Lanes) + row) * columns, columns);
                for (var column = 0; column < values.Length; column++)
                {
                    panel[(column * panelRows) + row] = values[column];
                }
            }

            panel += panelRows * columns;
        }
    }

    public long ResidentBytes => weights.Bytes;

    /// <summary>y = initial + W x</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(float* x, float* initial, float* y)
    {
        var panel = weights.Pointer;
        for (var first = 0; first < vectors;)
        {
            var width = Width(first);
            var row = first * V.Lanes;
            switch (width)
            {
                case 8:
                    PanelProducts<V>.Eight(panel, x, columns, initial + row, y + row);
                    break;
                case 4:
                    PanelProducts<V>.Four(panel, x, columns, initial + row, y + row);
                    break;
                case 2:
                    PanelProducts<V>.Two(panel, x, columns, initial + row, y + row);
                    break;
                default:
                    PanelProducts<V>.One(panel, x, columns, initial + row, y + row);
                    break;
            }

            panel += width * V.Lanes * columns;
            first += width;
        }
    }

    /// <summary>y_s = initial + W x_s</summary>
    /// <param name="xStride">Floats from one x to the next; that of <paramref name="y"/> is <paramref name="yStride"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyMany(float* x, int xStride, int steps, float* initial, float* y, int yStride)
    {
        var tiled = steps / PanelProducts<V>.TileSteps * PanelProducts<V>.TileSteps;
        var panel = weights.Pointer;
        for (var first = 0; first < vectors;)
        {
            var width = Width(first);
            // A panel stays in the cache while all steps pass by it.
            for (var step = 0; step < tiled; step += PanelProducts<V>.TileSteps)
            {
                var xs = x + ((long)step * xStride);
                var ys = y + ((long)step * yStride);
                for (var vector = 0; vector < width; vector += 2)
                {
                    var row = (first + vector) * V.Lanes;
                    var start = panel + (vector * V.Lanes);
                    if (width > 1)
                    {
                        PanelProducts<V>.TileOfTwo(start, width * V.Lanes, xs, xStride, columns, initial + row, ys + row, yStride);
                    }
                    else
                    {
                        PanelProducts<V>.TileOfOne(start, xs, xStride, columns, initial + row, ys + row, yStride);
                    }
                }
            }

            panel += width * V.Lanes * columns;
            first += width;
        }

        for (var step = tiled; step < steps; step++)
        {
            Multiply(x + ((long)step * xStride), initial, y + ((long)step * yStride));
        }
    }

    private int Width(int first) => (vectors - first) switch
    {
        >= 8 => 8,
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };
}
