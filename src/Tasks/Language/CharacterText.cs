using System.Globalization;
using System.Text;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Language;

/// <summary>
/// A text by character (Unicode scalar value), from one file: its first 90 % are for training, the next 5 % for validation, the last
/// 5 % for the test.
/// </summary>
public static class CharacterText
{
    private const string UsualName = "input.txt";

    public static TaskDefinition Task { get; } = LanguageTask.Define(
        "char-lm", "Which character comes next: one UTF-8 text file (or a folder with it), such as tinyshakespeare.", needsFolder: true);

    /// <param name="path">The file, or a folder that holds input.txt or a single .txt file.</param>
    /// <exception cref="TaskDataException">There is no such file, it is no text, or it is too short.</exception>
    public static TokenDataSet Read(string path)
    {
        var file = Find(path);
        string[] characters = [.. TextFile.Read(file).EnumerateRunes().Select(Name)];
        var trainingEnd = (int)(characters.Length * 9L / 10);
        var testStart = (int)(characters.Length * 19L / 20);
        var training = characters[..trainingEnd];
        return LanguageTask.Encode(
            Vocabulary.Of(training, file),
            training,
            characters[trainingEnd..testStart],
            characters[testStart..],
            ($"{file}: the training part (the first 90 %)", $"{file}: the validation part (5 %)", $"{file}: the test part (the last 5 %)"),
            [
                new("source", "one text file, by character"),
                new("split", "in the order of the text: 90 % training, 5 % validation, 5 % test"),
            ]);
    }

    private static string Find(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new TaskDataException($"{path} does not exist. Expected is a text file, or a folder with one.");
        }

        if (Path.Combine(path, UsualName) is var usual && File.Exists(usual))
        {
            return usual;
        }

        string[] texts = [.. DataFiles.Of(path, "*.txt")];
        return texts is [var only]
            ? only
            : throw new TaskDataException(texts.Length == 0
                ? $"{path} holds no .txt file. Expected is a text file, or a folder with one."
                : $"{path} holds {texts.Length} .txt files ({string.Join(", ", texts.Take(3).Select(Path.GetFileName))}{(texts.Length > 3 ? ", ..." : "")}),"
                    + $" and none is {UsualName}. Name the one that is meant.");
    }

    // What nobody could tell from nothing, or from something else, is told by its number.
    private static string Name(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => $"U+{rune.Value:X4}",
        _ => rune.ToString(),
    };
}
