using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Packs;

namespace Fleet.Tasks.Tests.Packs;

public sealed class PackedTokensTests
{
    private static readonly PackedTask Packed = TaskCatalogue.Pack("synthetic-lm", folder: null);

    private const string Metadata =
        """{"format":1,"kind":"tokens","task":"t","split":"training","metric":"nats","labels":["<unk>","a"],"""
        + """
        "channels":["token"],"sample_rate_hz":0,"notes":{},"steps":2}
        """;

    [Fact]
    public void Reading_a_pack_gives_back_the_streams_that_were_packed()
    {
        var data = TaskCatalogue.LoadTokens("synthetic-lm", folder: null);

        var training = PackedTokens.Read(Packed.Training.Bytes, "training");
        var test = PackedTokens.Read(Packed.Test.Bytes, "test");

        Assert.Equal(data.Training, training.Tokens);
        Assert.Equal(data.Validation, training.Validation);
        Assert.Equal(data.Test, test.Tokens);
        Assert.Empty(test.Validation);
        Assert.Equal(data.Vocabulary, test.Metadata.Labels);
        Assert.Equal((35, 35, "nats"), (test.Steps, Packed.Steps, test.Metadata.Metric));
        Assert.Equal((data.Vocabulary.Count, data.Test.Length), (Packed.Classes, Packed.TestSamples));
        Assert.Contains("0 of the test tokens are not", Packed.Summary);
    }

    [Fact]
    public void Either_kind_of_pack_is_told_from_the_other()
    {
        Assert.IsType<PackedTokens>(TaskPack.Read(Packed.Test.Bytes, "pack"));
        Assert.Contains("sequences of features are expected", Assert.Throws<FileFormatException>(() => PackedSet.Read(Packed.Test.Bytes, "pack")).Message);
        var sequences = TaskCatalogue.Pack("synthetic-har", folder: null).Test.Bytes;
        Assert.Contains("a stream of tokens is expected", Assert.Throws<FileFormatException>(() => PackedTokens.Read(sequences, "pack")).Message);
    }

    [Fact]
    public void A_pack_in_order_is_read() => Assert.Equal([1, 0, 1], Read(Metadata, [1, 0, 1], [0, 1, 1]).Tokens);

    [Theory]
    [InlineData("\"steps\":2", "\"steps\":0", "steps is 0")]
    [InlineData(",\"steps\":2", "", "steps is missing")]
    [InlineData("[\"<unk>\",\"a\"]", "[\"<unk>\"]", "the vocabulary has 1 tokens")]
    [InlineData("\"steps\":2", "\"steps\":3", "tensor 'tokens': it has 3 tokens, but a window of 3")]
    [InlineData("\"split\":\"training\"", "\"split\":\"all\"", "the split is 'all'")]
    public void Metadata_that_contradicts_the_streams_is_refused(string from, string to, string complaint) =>
        Assert.Contains(complaint, Mistake(Metadata.Replace(from, to), [1, 0, 1], [0, 1, 1]));

    [Fact]
    public void Streams_that_contradict_the_vocabulary_are_refused()
    {
        Assert.Contains("tensor 'tokens': token 2 at 1 has no name", Mistake(Metadata, [1, 2, 1], [0, 1, 1]));
        Assert.Contains("tensor 'validation': token 7 at 0 has no name", Mistake(Metadata, [1, 0, 1], [7, 1, 1]));
        Assert.Contains("tensor 'validation': it is missing", Mistake(Metadata, [1, 0, 1], null));
    }

    private static string Mistake(string metadata, ushort[] tokens, ushort[]? validation) =>
        Assert.Throws<FileFormatException>(() => Read(metadata, tokens, validation)).Message;

    private static PackedTokens Read(string metadata, ushort[] tokens, ushort[]? validation)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new Dictionary<string, string> { ["fleet"] = metadata },
        [
            new Tensor("tokens", [tokens.Length], tokens),
            .. validation is null ? Array.Empty<Tensor>() : [new Tensor("validation", [validation.Length], validation)],
        ]);
        return PackedTokens.Read(stream.ToArray(), "pack");
    }
}
