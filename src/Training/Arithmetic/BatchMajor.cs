namespace Fleet.Training.Arithmetic;

/// <summary>
/// Vectors of a few time steps, sample by sample: the right-hand side of weight gradients. Kept as panels of
/// <see cref="PanelWidth"/> columns, [panel][step * sample][column], so that a tile's columns lie side by side.
/// </summary>
internal sealed unsafe class BatchMajor<T>(int columns, int steps) : IDisposable
    where T : unmanaged
{
    public const int PanelWidth = 32;
    /// <summary>Columns are filled up with zeros to a multiple of this.</summary>
    public const int Grain = 16;

    private readonly AlignedBuffer<T> buffer = new((long)Padded(columns) * steps * MicroBatch.Samples);

    public int Columns => columns;

    public T* Pointer => buffer.Pointer;

    public static int Padded(int columns) => (columns + Grain - 1) / Grain * Grain;

    /// <summary>Columns of the panel that begins at <paramref name="column"/>.</summary>
    public static int Width(int columns, int column) => Math.Min(PanelWidth, Padded(columns) - column);

    /// <summary>Where the panel begins that holds <paramref name="column"/>, a multiple of <see cref="PanelWidth"/>.</summary>
    public T* Panel(int column) => buffer.Pointer + ((long)column * steps * MicroBatch.Samples);

    /// <summary>Takes one step's vectors, <paramref name="source"/>[columns, samples].</summary>
    public void Set(int step, T* source)
    {
        for (var start = 0; start < columns; start += PanelWidth)
        {
            var width = Width(columns, start);
            var there = Math.Min(PanelWidth, columns - start);
            var target = Panel(start) + ((long)step * MicroBatch.Samples * width);
            var from = source + ((long)start * MicroBatch.Samples);
            for (var column = 0; column < there; column++, from += MicroBatch.Samples)
            {
                for (var sample = 0; sample < MicroBatch.Samples; sample++)
                {
                    target[(sample * width) + column] = from[sample];
                }
            }
        }
    }

    public void Dispose() => buffer.Dispose();
}
