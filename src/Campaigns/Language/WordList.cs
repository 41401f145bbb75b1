namespace Fleet.Campaigns.Language;

/// <summary>Lists for messages.</summary>
internal static class WordList
{
    /// <summary><c>a, b or c</c></summary>
    public static string Or(IReadOnlyList<string> words) => words.Count switch
    {
        0 => "",
        1 => words[0],
        _ => $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}",
    };
}
