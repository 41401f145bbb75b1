namespace Fleet.Training.Arithmetic;

/// <summary>
/// A matrix of rows x depth laid out for products with a micro-batch: panels of <see cref="TallPanel"/> rows, then of
/// <see cref="LowPanel"/>, each column of a panel side by side. Missing rows of the last panel are zero.
/// It is packed once a training step and read at every time step.
/// </summary>
internal sealed unsafe class PackedMatrix<T>(int rows, int depth) : IDisposable
    where T : unmanaged
{
    /// <summary>Twelve accumulators (6 rows x 2 vectors) hide the latency of fused multiply-adds and fit 16 registers.</summary>
    public const int TallPanel = 6;
    public const int LowPanel = 2;

    private readonly AlignedBuffer<T> buffer = new((long)((rows / TallPanel * TallPanel) + RoundUp(rows % TallPanel)) * depth);

    public int Rows => rows;

    public int Depth => depth;

    public int TallPanels => rows / TallPanel;

    public T* Pointer => buffer.Pointer;

    /// <summary>Takes element (row, column) from source[row * rowStride + column * columnStride]: any matrix or its transpose.</summary>
    public void Pack(T* source, long rowStride, long columnStride)
    {
        var target = buffer.Pointer;
        for (var row = 0; row < rows;)
        {
            var height = rows - row >= TallPanel ? TallPanel : LowPanel;
            var there = Math.Min(height, rows - row);
            for (var column = 0; column < depth; column++, target += height)
            {
                var from = source + (row * rowStride) + (column * columnStride);
                for (var line = 0; line < there; line++)
                {
                    target[line] = from[line * rowStride];
                }
            }

            row += height;
        }
    }

    public void Dispose() => buffer.Dispose();

    private static int RoundUp(int rest) => (rest + LowPanel - 1) / LowPanel * LowPanel;
}
