namespace Fleet.Silo.Compression;

/// <summary>
/// Counts how often a training's process was killed. Each that came further than all before it starts the count anew, so that a
/// long training outlives any number of accidents, and one that dies wherever it goes (for want of memory) ends with its reason.
/// </summary>
internal sealed class TrainerDeaths
{
    public const int MaxInPlace = 5;

    private int farthest = -1;
    private int inPlace;

    /// <returns>Whether it is worth another attempt.</returns>
    public bool Count(int epoch)
    {
        inPlace = epoch > farthest ? 1 : inPlace + 1;
        farthest = Math.Max(farthest, epoch);
        return inPlace < MaxInPlace;
    }
}
