using System.Globalization;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Language;

/// <summary>What all tasks of language modelling share: after each token of a text, how likely is each token of the vocabulary next?</summary>
public static class LanguageTask
{
    /// <summary>Tokens a window: what training carries gradients over, and what window mode times at a call.</summary>
    public const int Steps = 35;

    /// <summary>
    /// A test stream goes so far and no further, for a device evaluates it whole, in every mode: the first so many tokens, the same
    /// for all variants and devices. Penn Treebank's test text is shorter (82,430).
    /// </summary>
    public const int MaxTestTokens = 100_000;

    internal const string UnknownInTest = "test_unknown";
    internal const string LeftOut = "test_left_out";

    internal static TaskDefinition Define(string name, string description, bool needsFolder) =>
        new(name, description, ["token"], Steps, SampleRateHz: 0, Labels: [], Metric: "nats", needsFolder) { ReadsTokens = true };

    /// <summary>Makes streams of texts: the vocabulary of the training part, what it does not have told, the test stream cut to its length.</summary>
    /// <param name="places">What messages call the three parts.</param>
    /// <exception cref="TaskDataException">A part is too short, or the vocabulary too large.</exception>
    internal static TokenDataSet Encode(
        Vocabulary vocabulary, IReadOnlyList<string> training, IReadOnlyList<string> validation, IReadOnlyList<string> test,
        (string Training, string Validation, string Test) places, IEnumerable<KeyValuePair<string, string>> notes)
    {
        CheckLength(training.Count, places.Training);
        CheckLength(validation.Count, places.Validation);
        CheckLength(test.Count, places.Test);
        var measured = Math.Min(test.Count, MaxTestTokens);
        var (trainingStream, _) = vocabulary.Encode(training);
        var (validationStream, unknownValidation) = vocabulary.Encode(validation);
        var (testStream, unknownTest) = vocabulary.Encode(test.Take(measured));
        var recorded = new SortedDictionary<string, string>(notes.ToDictionary(), StringComparer.Ordinal)
        {
            ["vocabulary"] = Count(vocabulary.Names.Count),
            ["training_tokens"] = Count(training.Count),
            ["validation_tokens"] = Count(validation.Count),
            ["validation_unknown"] = Count(unknownValidation),
            ["test_tokens"] = Count(measured),
            [UnknownInTest] = Count(unknownTest),
            [LeftOut] = Count(test.Count - measured),
        };
        return new TokenDataSet(vocabulary.Names, trainingStream, validationStream, testStream, recorded);
    }

    private static void CheckLength(int tokens, string place)
    {
        if (tokens <= Steps)
        {
            throw new TaskDataException($"{place} has {tokens} tokens, but at least {Steps + 1} are needed: one window and what comes after it.");
        }
    }

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
