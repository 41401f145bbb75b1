namespace Fleet.Bench;

/// <summary>Two actions turn by turn in one run, so that whatever slows the machine slows both.</summary>
internal static class Turns
{
    public const int Rounds = 31;

    // A turn repeats its action at least so often: what the other side has pushed out of the caches comes back at the first.
    private const int MinRepetitions = 4;
    private const double Milliseconds = 4;

    public static Comparison Compare(string name, string shape, string peer, Action ours, Action theirs)
    {
        var repetitions = (Ours: Repetitions(ours), Theirs: Repetitions(theirs));
        var (us, theirUs) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            us[round] = Timing.Nanoseconds(ours, repetitions.Ours) / repetitions.Ours / 1000;
            theirUs[round] = Timing.Nanoseconds(theirs, repetitions.Theirs) / repetitions.Theirs / 1000;
        }

        return Comparison.Of(name, shape, peer, us, theirUs);
    }

    /// <summary>How often an action is repeated in a turn.</summary>
    public static long Repetitions(Action action) => Math.Max(MinRepetitions, Timing.Calibrate(action, Milliseconds));
}
