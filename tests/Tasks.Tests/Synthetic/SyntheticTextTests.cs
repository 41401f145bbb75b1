using System.Globalization;
using Fleet.Tasks.Numerics;
using Fleet.Tasks.Packs;
using Fleet.Tasks.Synthetic;

namespace Fleet.Tasks.Tests.Synthetic;

public sealed class SyntheticTextTests
{
    private static readonly string[] Nouns = ["teacher pilot doctor farmer singer", "dog horse bird cat goat", "robot pump printer crane motor"];
    private static readonly string[] Verbs = ["sing write argue", "sleep eat growl", "hum stall rattle"];

    [Fact]
    public void A_grammars_entropy_is_that_of_its_choices()
    {
        // S -> a (1/4) | b X (3/4), X -> c | d: H = 1/4 ln 4 + 3/4 (ln 4/3 + ln 2), words = 1/4 + 3/4 * 2.
        var grammar = new Grammar();
        grammar.Add("S", 1, "a");
        grammar.Add("S", 3, "b X");
        grammar.AddWords("X", "c d");

        var (nats, words) = grammar.Expect("S");

        Assert.Equal((Math.Log(4) / 4) + (0.75 * (Math.Log(4.0 / 3) + Math.Log(2))), nats, 1e-12);
        Assert.Equal(1.75, words, 1e-12);
    }

    [Fact]
    public void Texts_come_as_often_as_their_weights_say_and_tell_their_own_surprise()
    {
        var grammar = new Grammar();
        grammar.Add("S", 1, "a");
        grammar.Add("S", 3, "b X");
        grammar.AddWords("X", "c d");
        var random = new Xoshiro256(1);
        var counts = new Dictionary<string, int>();
        for (var text = 0; text < 8000; text++)
        {
            List<string> words = [];
            var nats = grammar.Write("S", random, words);
            var written = string.Join(' ', words);
            counts[written] = counts.GetValueOrDefault(written) + 1;
            Assert.Equal(written == "a" ? 0.25 : 0.375, Math.Exp(-nats), 1e-12);
        }

        // Four standard deviations of 8000 draws: 155 and 173.
        Assert.InRange(counts["a"], 1845, 2155);
        Assert.InRange(counts["b c"], 2827, 3173);
        Assert.InRange(counts["b d"], 2827, 3173);
    }

    [Fact]
    public void The_test_text_surprises_its_own_grammar_as_much_as_the_entropy_says()
    {
        var notes = TaskCatalogue.LoadTokens("synthetic-lm", folder: null).Notes;

        var entropy = double.Parse(notes["entropy_nats_per_token"], CultureInfo.InvariantCulture);
        Assert.InRange(entropy, 1.9, 2.3);
        Assert.Equal(entropy, double.Parse(notes["test_nats_of_the_grammar"], CultureInfo.InvariantCulture), 0.02);
    }

    [Fact]
    public void Verbs_agree_with_the_noun_that_they_belong_to_over_the_clause_between()
    {
        var data = TaskCatalogue.LoadTokens("synthetic-lm", folder: null);
        var sentences = string.Join(' ', data.Training.Select(token => data.Vocabulary[token])).Split("<eos>", StringSplitOptions.TrimEntries);

        // Det Noun who Verb Noun-phrase-of-two Verb: the last verb is the first noun's, whatever noun stands before it.
        var far = 0;
        foreach (var words in sentences.Select(sentence =>
            sentence.Split(' ')).Where(words => words.Length == 7 && words[2] == "who" && IsObject(words[3]) && IsWord(words[5])))
        {
            var plural = words[1].EndsWith('s');
            Assert.Equal(!plural, words[6].EndsWith('s'));
            Assert.Equal(KindOfNoun(words[1]), KindOfVerb(words[6]));
            far += KindOfNoun(words[1]) != KindOfNoun(words[5]) || plural != words[5].EndsWith('s') ? 1 : 0;
        }

        Assert.True(far > 20, $"only {far} sentences have another kind of noun between");

        static bool IsObject(string verb) => verb.TrimEnd('s') is "see" or "follow" or "move" or "stop";
        static bool IsWord(string noun) => KindOfNoun(noun) >= 0;
        static int KindOfNoun(string noun) => Array.FindIndex(Nouns, kind => kind.Split(' ').Contains(noun.TrimEnd('s')));
        static int KindOfVerb(string verb) => Array.FindIndex(Verbs, kind => kind.Split(' ').Contains(verb.TrimEnd('s')));
    }

    [Fact]
    public void The_synthetic_text_is_the_same_to_the_bit_on_every_platform() => Assert.Equal(
        "8e041d2e51a5533acbd29363315b5fa654a9fcd83142b9fac17ffc07ac9b374e", PackedFile.Of(TaskCatalogue.Pack("synthetic-lm", folder: null).Test.Bytes).Sha256);
}
