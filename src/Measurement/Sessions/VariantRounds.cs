using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Sessions;

/// <summary>One variant's blocks in one condition, with the samples of those that count.</summary>
internal sealed class VariantRounds
{
    private readonly List<Block> blocks = [];
    private readonly SortedDictionary<int, List<MeasuredHalf>> usable = [];

    /// <summary>Every block, also the invalid ones, as they were measured.</summary>
    public IReadOnlyList<Block> Blocks => blocks;

    /// <summary>An output was wrong, or the program itself spoils the timing: measuring again cannot help.</summary>
    public Reason? Spoilt { get; private set; }

    /// <summary>The samples of each round of which both halves count.</summary>
    public IReadOnlyList<float[]> Samples =>
        [.. usable.Values.Where(IsWhole).Select(halves => halves.SelectMany(half => half.Microseconds).ToArray())];

    /// <summary>Rounds of which both halves count.</summary>
    public int WholeRounds => usable.Values.Count(IsWhole);

    public void Add(Block block, float[] microseconds, Reason? spoiltBy)
    {
        blocks.Add(block);
        Spoilt ??= spoiltBy;
        if (block.Validity == Validity.Invalid)
        {
            return;
        }

        if (!usable.TryGetValue(block.Round, out List<MeasuredHalf>? halves))
        {
            usable.Add(block.Round, halves = []);
        }

        halves.Add(new(block.MeanMicroseconds, microseconds));
    }

    /// <summary>
    /// The variant's latency in a round: the geometric mean of its two halves, in which a drift through the round cancels out. Null where
    /// one of them does not count.
    /// </summary>
    public double? Level(int round) =>
        usable.TryGetValue(round, out List<MeasuredHalf>? halves) && IsWhole(halves) ? Math.Sqrt(halves[0].Mean * halves[1].Mean) : null;

    /// <summary>Both halves of the round were faster than this.</summary>
    public bool IsFasterThan(int round, double microseconds) =>
        usable.TryGetValue(round, out List<MeasuredHalf>? halves) && IsWhole(halves) && halves.All(half => half.Mean < microseconds);

    /// <summary>Takes back all that was measured so far: kept as data, but counted no more.</summary>
    public void Void(Reason reason)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            // What was taken back before, or made a block suspect only, is not counted beside what makes it invalid.
            IEnumerable<Reason> grave = blocks[i].Validity == Validity.Invalid ? blocks[i].Reasons : [];
            blocks[i] = blocks[i] with { Validity = Validity.Invalid, Reasons = [.. grave.Where(one => one != reason), reason] };
        }

        usable.Clear();
    }

    private static bool IsWhole(List<MeasuredHalf> halves) => halves.Count == 2;

    private sealed record MeasuredHalf(double Mean, float[] Microseconds);
}
