using System.Globalization;
using Fleet.Tasks.Data;
using Fleet.Tasks.Language;
using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic;

/// <summary>
/// Language modelling with no download: sentences of a small grammar in which words far apart agree. A verb has the number of its
/// subject and says what only its kind of subject does, and a reflexive pronoun at the end goes back to the subject, across relative
/// clauses of other nouns; so a model without memory does worse. A sentence's words decide its derivation, so the grammar's own
/// entropy is a bound that no model goes below but by chance. The same seed gives the same text on every platform.
/// </summary>
public static class SyntheticText
{
    /// <summary>Of the data that everybody gets; recorded in the pack.</summary>
    public const long DefaultSeed = 20190714;

    private const string Sentence = "S";
    private const int Deepest = 2;
    private const int TrainingTokens = 120_000;
    private const int ValidationTokens = 12_000;
    private const int TestTokens = 24_000;

    private static readonly string[] Numbers = ["sg", "pl"];
    private static readonly string[] Kinds = ["person", "animal", "machine"];
    private static readonly Grammar Language = Compose();

    public static TaskDefinition Task { get; } = LanguageTask.Define(
        "synthetic-lm", "Which word comes next: sentences of a grammar with agreement over long distances; made by the product, needs no data.",
        needsFolder: false);

    public static TokenDataSet Make(long seed = DefaultSeed)
    {
        // A stream for each part: the length of one changes no other.
        var (training, _) = Write(seed, stream: 0, TrainingTokens);
        var (validation, _) = Write(seed, stream: 1, ValidationTokens);
        var (test, surprise) = Write(seed, stream: 2, TestTokens);
        return LanguageTask.Encode(
            Vocabulary.Of(training, Task.Name), training, validation, test, (Task.Name, Task.Name, Task.Name),
            [
                new("source", "probabilistic grammar, by word"),
                new("seed", seed.ToString(CultureInfo.InvariantCulture)),
                new("entropy_nats_per_token", Grammar.Rounded(EntropyPerToken)),
                new("test_nats_of_the_grammar", Grammar.Rounded(surprise / test.Count)),
            ]);
    }

    /// <summary>Nats a token of the language itself: a sentence's entropy over its words and its end.</summary>
    internal static double EntropyPerToken
    {
        get
        {
            var (nats, words) = Language.Expect(Sentence);
            return nats / (words + 1);
        }
    }

    /// <summary>Whole sentences, until there are enough tokens.</summary>
    private static (List<string> Tokens, double Nats) Write(long seed, long stream, int min)
    {
        var random = new Xoshiro256(seed, stream);
        var tokens = new List<string>(min);
        var nats = 0.0;
        while (tokens.Count < min)
        {
            nats += Language.Write(Sentence, random, tokens);
            tokens.Add(WordText.EndOfSentence);
        }

        return (tokens, nats);
    }

    /// <summary>
    /// S -> NP VP with number and kind in common; NP -> Det Adj? N, then nothing, a prepositional phrase or a relative clause
    /// (who sees NP); VP -> what its kind does, with an adverb, an object or a reflexive. Symbols carry number (sg, pl), kind and depth.
    /// </summary>
    private static Grammar Compose()
    {
        var grammar = new Grammar();
        AddWords(grammar);
        foreach (var kind in Kinds)
        {
            foreach (var number in Numbers)
            {
                var who = $"{number}-{kind}";
                grammar.Add(Sentence, number == "sg" ? 3 : 2, $"NP-{who}-0 VP-{who}-0");
                for (var depth = 0; depth <= Deepest; depth++)
                {
                    AddNounPhrase(grammar, number, who, depth);
                    AddVerbPhrase(grammar, who, depth);
                    grammar.Add($"NP-{depth}", number == "sg" ? 3 : 2, $"NP-{who}-{depth}");
                }
            }
        }

        return grammar;
    }

    private static void AddNounPhrase(Grammar grammar, string number, string who, int depth)
    {
        var symbol = $"NP-{who}-{depth}";
        var noun = $"Det-{number} Noun-{who}";
        grammar.Add(symbol, 6, noun);
        grammar.Add(symbol, 3, $"Det-{number} Adj Noun-{who}");
        if (depth < Deepest)
        {
            grammar.Add(symbol, 3, $"{noun} Prep NP-{depth + 1}");
            grammar.Add(symbol, 4, $"{noun} who VP-{who}-{depth + 1}");
        }
    }

    private static void AddVerbPhrase(Grammar grammar, string who, int depth)
    {
        var symbol = $"VP-{who}-{depth}";
        grammar.Add(symbol, 3, $"Does-{who}");
        grammar.Add(symbol, 2, $"Does-{who} Adv");
        grammar.Add(symbol, 2, $"Turns-{who} Self-{who}");
        if (depth < Deepest)
        {
            grammar.Add(symbol, 4, $"Acts-{who} NP-{depth + 1}");
        }
    }

    private static void AddWords(Grammar grammar)
    {
        grammar.AddWords("Det-sg", "the a this every");
        grammar.AddWords("Det-pl", "the some these many");
        grammar.AddWords("Adj", "old small quiet bright tired strange");
        grammar.AddWords("Prep", "near behind beside above");
        grammar.AddWords("Adv", "slowly again today often outside");
        AddKind(grammar, "person", "teacher pilot doctor farmer singer", "sings writes argues", "herself");
        AddKind(grammar, "animal", "dog horse bird cat goat", "sleeps eats growls", "itself");
        AddKind(grammar, "machine", "robot pump printer crane motor", "hums stalls rattles", "itself");
    }

    private static void AddKind(Grammar grammar, string kind, string nouns, string does, string self)
    {
        const string Acts = "sees follows moves stops";
        const string Turns = "hides repeats stretches";
        grammar.AddWords($"Noun-sg-{kind}", nouns);
        grammar.AddWords($"Noun-pl-{kind}", string.Join(' ', nouns.Split(' ').Select(noun => noun + "s")));
        foreach (var (symbol, verbs) in new[] { ("Does", does), ("Acts", Acts), ("Turns", Turns) })
        {
            grammar.AddWords($"{symbol}-sg-{kind}", verbs);
            grammar.AddWords($"{symbol}-pl-{kind}", Plural(verbs));
        }

        grammar.AddWords($"Self-sg-{kind}", self);
        grammar.AddWords($"Self-pl-{kind}", "themselves");
    }

    private static string Plural(string verbs) => string.Join(' ', verbs.Split(' ').Select(verb => verb == "stretches" ? "stretch" : verb[..^1]));
}
