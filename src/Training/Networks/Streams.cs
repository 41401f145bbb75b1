using Fleet.Kernels.Structures;

namespace Fleet.Training.Networks;

/// <summary>Streams of the seed, one for each use, so that a change in one leaves the others.</summary>
internal static class Streams
{
    public const long Head = 3;
    public const long Embedding = 4;
    /// <summary>Plus the epoch: the order of an epoch depends on no other.</summary>
    public const long FirstEpoch = 1000;

    private const long CellStreams = 8;

    /// <summary>First weights of a cell's matrix.</summary>
    /// <param name="cell">Counted through the layers from the lowest, forward before reverse; the first has the lowest streams.</param>
    public static long Matrix(int cell, string name)
    {
        var own = name switch
        {
            CellTensors.Input => 1,
            CellTensors.Recurrent => 2,
            CellTensors.Candidate => 5,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A cell has no such matrix."),
        };
        return own + (cell * CellStreams);
    }
}
