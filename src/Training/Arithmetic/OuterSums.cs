using System.Numerics;

namespace Fleet.Training.Arithmetic;

/// <summary>Sums of outer products, padded as <see cref="BatchArithmetic{T}.AddOuter"/> wants them.</summary>
internal static unsafe class OuterSums
{
    public static AlignedBuffer<T> Create<T>(int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new((long)BatchArithmetic<T>.OuterRows(rows) * BatchMajor<T>.Padded(columns));

    /// <summary>gradient[rows, columns] += the sum without its padding; it is zero again then.</summary>
    public static void Collect<T>(AlignedBuffer<T> sum, int rows, int columns, T* gradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var padded = BatchMajor<T>.Padded(columns);
        for (var row = 0; row < rows; row++)
        {
            var from = sum.Pointer + ((long)row * padded);
            var to = gradient + ((long)row * columns);
            for (var column = 0; column < columns; column++)
            {
                to[column] += from[column];
            }
        }

        sum.Clear();
    }
}
