using Fleet.Tasks.Data;
using Fleet.Tasks.Language;
using Fleet.Tasks.Packs;

namespace Fleet.Tasks.Tests.Language;

public sealed class WordTextTests : IDisposable
{
    private readonly SmallText text = new();

    public WordTextTests()
    {
        text.Write("ptb.train.txt", string.Concat(Enumerable.Repeat(" the cat sat on <unk> mat \n", 20)));
        text.Write("ptb.valid.txt", string.Concat(Enumerable.Repeat(" the cat sat \n", 20)));
        text.Write("ptb.test.txt", string.Concat(Enumerable.Repeat(" the dog sat \n", 20)));
    }

    public void Dispose() => text.Dispose();

    [Fact]
    public void Every_line_ends_in_a_token_of_its_own_and_unknown_words_are_one()
    {
        var data = WordText.Read(text.Folder);

        Assert.Equal("<unk>", data.Vocabulary[0]);
        Assert.Equal(["<eos>", "<unk>", "cat", "mat", "on", "sat", "the"], data.Vocabulary.Order(StringComparer.Ordinal));
        Assert.Equal((140, 80, 80), (data.Training.Length, data.Validation.Length, data.Test.Length));
        Assert.Equal(["the", "<unk>", "sat", "<eos>"], data.Test[..4].Select(token => data.Vocabulary[token]));
        Assert.Equal("20", data.Notes["test_unknown"]);
    }

    [Fact]
    public void Empty_lines_are_sentences_and_the_last_end_of_line_may_be_missing()
    {
        Assert.Equal(["a", "<eos>", "<eos>", "b", "c", "<eos>"], WordText.Words("a\n\nb\tc"));
        Assert.Equal(WordText.Words("a\n\nb\tc"), WordText.Words("a\r\n\r\nb c\r\n"));
    }

    [Fact]
    public void A_missing_split_is_named_with_the_names_that_it_may_have()
    {
        File.Delete(Path.Combine(text.Folder, "ptb.valid.txt"));

        Assert.Contains("has no valid.txt (nor ptb.valid.txt or wiki.valid.tokens)", Mistake());
    }

    [Fact]
    public void A_vocabulary_that_sixteen_bits_cannot_number_is_refused()
    {
        text.Write("ptb.train.txt", string.Join(' ', Enumerable.Range(0, 65_535).Select(word => $"w{word}")));
        Assert.Contains("ptb.train.txt has 65536 different tokens, but a vocabulary holds at most 65536 with <unk>", Mistake());
    }

    [Fact]
    public void A_vocabulary_is_as_long_as_the_header_of_its_packs_has_room_for()
    {
        Write(12_000);
        var packed = TaskCatalogue.Pack(WordText.Task.Name, text.Folder);
        Assert.Equal(12_002, TaskPack.Read(packed.Training.Bytes, "training").Metadata.Labels.Count);
        Assert.Equal(12_002, TaskPack.Read(packed.Test.Bytes, "test").Metadata.Labels.Count);

        Write(14_000);
        Assert.Matches("ptb.train.txt has 14002 different tokens, whose names take 2[0-9]+ KB of a file.s header; it has room for 240", Mistake());

        void Write(int words) => text.Write("ptb.train.txt", string.Join(' ', Enumerable.Range(0, words).Select(word => $"w{word}")));
    }

    [Fact]
    public void The_three_files_are_of_one_corpus()
    {
        text.Write("test.txt", "stray\n");
        Assert.Equal("ptb.train.txt, ptb.valid.txt and ptb.test.txt, by word", WordText.Read(text.Folder).Notes["source"]);

        File.Delete(Path.Combine(text.Folder, "ptb.test.txt"));
        Assert.Contains("has train, valid and test, but of different corpora", Mistake());
    }

    [Fact]
    public void A_folder_that_is_not_there_or_a_file_is_refused()
    {
        Assert.Contains("does not exist", Assert.Throws<TaskDataException>(() => WordText.Read(text.Folder + "-not")).Message);
        Assert.Contains("is a file", Assert.Throws<TaskDataException>(() => WordText.Read(Path.Combine(text.Folder, "ptb.test.txt"))).Message);
    }

    private string Mistake() => Assert.Throws<TaskDataException>(() => WordText.Read(text.Folder)).Message;
}
