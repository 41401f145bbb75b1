using System.Text;
using Fleet.Tasks.Data;
using Fleet.Tasks.Language;

namespace Fleet.Tasks.Tests.Language;

public sealed class CharacterTextTests : IDisposable
{
    private readonly SmallText text = new();

    public void Dispose() => text.Dispose();

    [Fact]
    public void A_text_is_split_in_its_order_and_its_vocabulary_comes_from_the_training_part()
    {
        // 900 + 50 + 50 characters: the middle part has an 'x' and the last one two 'ß' that the first does not have.
        var path = text.Write("input.txt", Repeat("ab a\n", 900) + "x" + Repeat("ba", 49) + "ßß" + Repeat("aab", 48));

        var data = CharacterText.Read(path);

        Assert.Equal(["<unk>", "U+000A", "U+0020", "a", "b"], data.Vocabulary.Order(StringComparer.Ordinal));
        Assert.Equal("a", data.Vocabulary[1]);
        Assert.Equal((900, 50, 50), (data.Training.Length, data.Validation.Length, data.Test.Length));
        Assert.Equal(("1", "2", "0"), (data.Notes["validation_unknown"], data.Notes["test_unknown"], data.Notes["test_left_out"]));
        Assert.Equal([0, 0], data.Test[..2]);
        Assert.Equal("ab a", string.Concat(data.Training[..4].Select(token => data.Vocabulary[token] is var name && name == "U+0020" ? " " : name)));
    }

    [Fact]
    public void A_character_beyond_sixteen_bits_is_one_token()
    {
        var data = CharacterText.Read(text.Write("input.txt", Repeat("a\U0001F600", 6000)));

        Assert.Contains("\U0001F600", data.Vocabulary);
        Assert.Equal(4000, data.Training.Length + data.Validation.Length + data.Test.Length);
    }

    [Fact]
    public void A_long_test_part_is_cut_to_its_first_tokens_and_what_is_left_out_is_recorded()
    {
        var data = CharacterText.Read(text.Write("input.txt", Repeat("abc", 20 * (LanguageTask.MaxTestTokens + 1000))));

        Assert.Equal(LanguageTask.MaxTestTokens, data.Test.Length);
        Assert.Equal("1000", data.Notes["test_left_out"]);
    }

    [Fact]
    public void A_folder_may_hold_one_text_or_input_txt_beside_others()
    {
        text.Write("novel.txt", Repeat("abc", 2000));
        Assert.Equal(1800, CharacterText.Read(text.Folder).Training.Length);
        text.Write("input.txt", Repeat("abc", 1000));
        Assert.Equal(900, CharacterText.Read(text.Folder).Training.Length);
        File.Delete(Path.Combine(text.Folder, "input.txt"));
        text.Write("SOURCE.txt", "whence");
        Assert.Contains("holds 2 .txt files (SOURCE.txt, novel.txt)", Mistake(text.Folder));
    }

    [Fact]
    public void Hidden_files_beside_a_text_are_none()
    {
        text.Write("novel.txt", Repeat("abc", 2000));
        text.Write("._novel.txt", "attributes");
        Assert.Equal(1800, CharacterText.Read(text.Folder).Training.Length);
    }

    [Fact]
    public void What_is_no_text_is_named_by_file_and_line()
    {
        var nul = text.Write("nul.txt", Encoding.UTF8.GetBytes("one\ntwo\nth\0ree\n"));
        Assert.StartsWith($"{nul}:3: there is a NUL byte", Mistake(nul));
        var latin = text.Write("latin.txt", [.. "one\ncaf"u8, 0xe9, .. "\n"u8]);
        Assert.StartsWith($"{latin}:2: byte 0xe9 is not UTF-8", Mistake(latin));
        var empty = text.Write("empty.txt", "");
        Assert.Equal($"{empty} is empty.", Mistake(empty));
        var brief = text.Write("brief.txt", Repeat("ab", 100));
        Assert.Contains("the validation part (5 %) has 5 tokens, but at least 36 are needed", Mistake(brief));
        Assert.Contains("does not exist", Mistake(Path.Combine(text.Folder, "none")));
    }

    [Fact]
    public void Tinyshakespeare_is_read_as_it_is_published()
    {
        var data = CharacterText.Read(RealData.Folder("tinyshakespeare"));

        Assert.Equal(1_115_394, data.Training.Length + data.Validation.Length + data.Test.Length);
        Assert.Equal((1_003_854, 55_770), (data.Training.Length, data.Test.Length));
        Assert.Equal(66, data.Vocabulary.Count);
        Assert.Equal("0", data.Notes["test_unknown"]);
    }

    private static string Mistake(string path) => Assert.Throws<TaskDataException>(() => CharacterText.Read(path)).Message;

    private static string Repeat(string part, int length) => string.Concat(Enumerable.Repeat(part, (length / part.Length) + 1))[..length];
}
