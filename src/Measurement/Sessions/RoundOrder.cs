using Fleet.Statistics;

namespace Fleet.Measurement.Sessions;

/// <summary>
/// The order of a round's blocks: the variants shuffled, then the same backwards (ABBA for two). Whatever drifts evenly through the round
/// then touches all of them alike.
/// </summary>
public static class RoundOrder
{
    /// <returns>Indices of variants, each twice.</returns>
    public static int[] Next(SeededRandom random, int variants)
    {
        int[] order = new int[2 * variants];
        for (int i = 0; i < variants; i++)
        {
            int j = random.Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        for (int i = 0; i < variants; i++)
        {
            order[^(i + 1)] = order[i];
        }

        return order;
    }

    /// <summary>
    /// The numbers of rounds after which the intervals' width is looked at: each about half as many again as the one before (8, 12, 18, 27, 40).
    /// </summary>
    public static IEnumerable<int> Looks(int minRounds, int maxRounds)
    {
        int look = minRounds;
        for (; look < maxRounds; look += Math.Max(1, look / 2))
        {
            yield return look;
        }

        yield return maxRounds;
    }
}
