namespace Fleet.Training.Networks;

/// <summary>Vectors [rows, samples] of a sequence's steps, in the order in which a cell reads them.</summary>
/// <param name="First">Of the step that is read first; null where there are none.</param>
/// <param name="Stride">From one step to the next; negative where a cell reads the sequence from its end.</param>
internal readonly unsafe record struct StepVectors<T>(nint First, long Stride)
    where T : unmanaged
{
    /// <summary>No vectors: nothing is read or wanted there.</summary>
    public static StepVectors<T> None => default;

    public bool IsNone => First == 0;

    /// <summary>Steps that lie one after the other in memory, read from either end.</summary>
    public static StepVectors<T> Of(T* start, long vector, int steps, bool reverse) =>
        reverse ? new((nint)(start + ((steps - 1) * vector)), -vector) : new((nint)start, vector);

    /// <summary>The vector of the step that is read so many steps after the first; null where there are none.</summary>
    public T* At(int step) => IsNone ? null : (T*)First + (step * Stride);
}
