namespace Fleet.Cli.Failures;

/// <summary>Finds what a person probably meant.</summary>
internal static class Suggestions
{
    /// <summary>The known word with the fewest edits from <paramref name="word"/>, if they are few for its length.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (Candidate: candidate, Edits: Edits(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.Edits)
            .FirstOrDefault();
        return best.Candidate is not null && best.Edits <= Math.Max(1, word.Length / 3) ? best.Candidate : null;
    }

    /// <summary><c> Did you mean X?</c>, or nothing.</summary>
    public static string? DidYouMean(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } nearest ? $"Did you mean {nearest}?" : null;

    // Insertions, deletions, replacements, and two neighbours swapped (optimal string alignment).
    private static int Edits(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1),
                        table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
