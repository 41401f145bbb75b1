using System.Globalization;
using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic;

/// <summary>
/// A probabilistic context-free grammar without recursion: each symbol stands for one of several sequences, chosen by whole-number
/// weights; what is no symbol is a word. Where every text has a single derivation, a text's surprise is its derivation's, so the
/// grammar's entropy is that of the language.
/// </summary>
internal sealed class Grammar
{
    private readonly Dictionary<string, List<(int Weight, string[] Sequence)>> rules = new(StringComparer.Ordinal);

    /// <summary>Adds a choice.</summary>
    /// <param name="sequence">Symbols and words, parted by spaces.</param>
    public void Add(string symbol, int weight, string sequence)
    {
        if (!rules.TryGetValue(symbol, out var choices))
        {
            rules.Add(symbol, choices = []);
        }

        choices.Add((weight, sequence.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>Adds words, each as likely.</summary>
    public void AddWords(string symbol, string words)
    {
        foreach (var word in words.Split(' '))
        {
            Add(symbol, 1, word);
        }
    }

    /// <summary>Writes one text of a symbol.</summary>
    /// <returns>Its surprise, -ln p, in nats.</returns>
    public double Write(string symbol, Xoshiro256 random, List<string> words)
    {
        if (!rules.TryGetValue(symbol, out var choices))
        {
            words.Add(symbol);
            return 0;
        }

        var total = choices.Sum(choice => choice.Weight);
        var draw = random.Below(total);
        var at = 0;
        while (draw >= choices[at].Weight)
        {
            draw -= choices[at++].Weight;
        }

        return Math.Log((double)total / choices[at].Weight) + choices[at].Sequence.Sum(part => Write(part, random, words));
    }

    /// <summary>What a symbol's texts come to on average: H(A) = sum_r p_r (-ln p_r + sum_s H(s)), and words likewise.</summary>
    public (double Nats, double Words) Expect(string symbol)
    {
        if (!rules.TryGetValue(symbol, out var choices))
        {
            return (0, 1);
        }

        var total = (double)choices.Sum(choice => choice.Weight);
        var (nats, words) = (0.0, 0.0);
        foreach (var (weight, sequence) in choices)
        {
            var parts = sequence.Select(Expect).ToArray();
            nats += weight / total * (Math.Log(total / weight) + parts.Sum(part => part.Nats));
            words += weight / total * parts.Sum(part => part.Words);
        }

        return (nats, words);
    }

    /// <summary>As notes have it: no more digits than are the same on every platform.</summary>
    public static string Rounded(double nats) => nats.ToString("F4", CultureInfo.InvariantCulture);
}
