using Fleet.Tasks.Data;

namespace Fleet.Tasks.Language;

/// <summary>
/// A text by word, in the form of Mikolov's Penn Treebank: three files, words parted by white space, an end of sentence for each
/// line. A word that the training file does not have is <c>&lt;unk&gt;</c>.
/// </summary>
public static class WordText
{
    /// <summary>The end of each line.</summary>
    internal const string EndOfSentence = "<eos>";

    /// <summary>As they are in the wild: plain, Penn Treebank's, WikiText's.</summary>
    private static readonly string[] Forms = ["{0}.txt", "ptb.{0}.txt", "wiki.{0}.tokens"];

    public static TaskDefinition Task { get; } = LanguageTask.Define(
        "word-lm", "Which word comes next: a folder with train.txt, valid.txt and test.txt (or ptb.*.txt, wiki.*.tokens).", needsFolder: true);

    /// <exception cref="TaskDataException">A file is missing, is no text or too short, or the vocabulary is too large.</exception>
    public static TokenDataSet Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TaskDataException(File.Exists(folder)
                ? $"{folder} is a file, but the data of {Task.Name} is a folder with train.txt, valid.txt and test.txt."
                : $"The data folder {folder} does not exist. Expected is a folder with train.txt, valid.txt and test.txt.");
        }

        var (train, valid, test) = (Find(folder, "train"), Find(folder, "valid"), Find(folder, "test"));
        var training = Words(TextFile.Read(train));
        return LanguageTask.Encode(
            Vocabulary.Of(training, train), training, Words(TextFile.Read(valid)), Words(TextFile.Read(test)), (train, valid, test),
            [new("source", "three text files, by word"), new("split", "the files'")]);
    }

    /// <summary>All words of a text, line by line.</summary>
    internal static List<string> Words(string text)
    {
        var words = new List<string>();
        // The last line's end may be missing, and begins no line where it is there.
        foreach (var line in (text.EndsWith('\n') ? text[..^1] : text).Split('\n'))
        {
            words.AddRange(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            words.Add(EndOfSentence);
        }

        return words;
    }

    private static string Find(string folder, string part)
    {
        var names = Forms.Select(form => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, part)).ToArray();
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new TaskDataException($"{folder} has no {names[0]} (nor {string.Join(" or ", names.Skip(1))}). A task by word needs all three splits: train, valid and test.");
    }
}
