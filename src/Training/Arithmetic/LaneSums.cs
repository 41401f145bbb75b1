using System.Numerics;

namespace Fleet.Training.Arithmetic;

/// <summary>Sums over samples that were kept in <see cref="MicroBatch.Lanes"/> partial sums.</summary>
internal static unsafe class LaneSums
{
    /// <summary>gradient[rows] += the sum of each row's lanes, in their order; the lanes are zero again then.</summary>
    public static void Collect<T>(AlignedBuffer<T> lanes, int rows, T* gradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var row = 0; row < rows; row++)
        {
            var from = lanes.Pointer + ((long)row * MicroBatch.Lanes);
            var sum = T.Zero;
            for (var lane = 0; lane < MicroBatch.Lanes; lane++)
            {
                sum += from[lane];
            }

            gradient[row] += sum;
        }

        lanes.Clear();
    }
}
