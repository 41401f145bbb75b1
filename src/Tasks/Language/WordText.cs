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

    private static readonly string[] Splits = ["train", "valid", "test"];

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

        var (train, valid, test) = Find(folder);
        var training = Words(TextFile.Read(train));
        return LanguageTask.Encode(
            Vocabulary.Of(training, train), training, Words(TextFile.Read(valid)), Words(TextFile.Read(test)), (train, valid, test),
            [new("source", $"{Path.GetFileName(train)}, {Path.GetFileName(valid)} and {Path.GetFileName(test)}, by word"), new("split", "the files'")]);
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

    // All three of one form: a stray file of another corpus is no part of this one.
    private static (string Train, string Valid, string Test) Find(string folder)
    {
        foreach (var form in Forms)
        {
            if ((Path(form, "train"), Path(form, "valid"), Path(form, "test")) is var (train, valid, test) && File.Exists(train) && File.Exists(valid)
                && File.Exists(test))
            {
                return (train, valid, test);
            }
        }

        var missing = Splits.FirstOrDefault(split => !Forms.Any(form => File.Exists(Path(form, split))));
        throw new TaskDataException(missing is null
            ? $"{folder} has train, valid and test, but of different corpora. All three must be of one form:"
                + $" {string.Join(" or ", Forms.Select(form => Name(form, "train")))}, and valid and test likewise."
            : $"{folder} has no {Name(Forms[0], missing)} (nor {string.Join(" or ", Forms.Skip(1).Select(form => Name(form, missing)))})."
                + " A task by word needs all three splits: train, valid and test.");

        string Path(string form, string split) => System.IO.Path.Combine(folder, Name(form, split));
    }

    private static string Name(string form, string split) => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, split);
}
