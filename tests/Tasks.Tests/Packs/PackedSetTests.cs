using System.Security.Cryptography;
using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Packs;

namespace Fleet.Tasks.Tests.Packs;

public sealed class PackedSetTests
{
    private static readonly PackedTask Packed = TaskCatalogue.Pack("synthetic-har", folder: null);

    private const string Metadata =
        """{"format":1,"kind":"data","task":"t","split":"test","metric":"accuracy","labels":["a","b"],"channels":["x","y"],"sample_rate_hz":50,"notes":{}}""";

    [Fact]
    public void Reading_a_pack_gives_back_what_was_packed()
    {
        var data = TaskCatalogue.Load("synthetic-har", folder: null);

        var training = PackedSet.Read(Packed.Training.Bytes, "training");
        var test = PackedSet.Read(Packed.Test.Bytes, "test");

        Assert.Equal(data.Training.Inputs, training.Data.Inputs);
        Assert.Equal(data.Training.Labels, training.Data.Labels);
        Assert.Equal(data.Test.Inputs, test.Data.Inputs);
        Assert.Equal(data.Training.Groups, training.Data.Groups);
        Assert.Null(test.Data.Groups);
        Assert.Equal(("training", "test"), (training.Metadata.Split, test.Metadata.Split));
        Assert.Equal("20190613", test.Metadata.Notes["seed"]);
        Assert.Equal((9, 128, 6), (Packed.Input, Packed.Steps, Packed.Classes));
        Assert.Equal((training.Data.Samples, test.Data.Samples), (Packed.TrainingSamples, Packed.TestSamples));
    }

    [Fact]
    public void Packing_twice_gives_the_same_bytes_and_the_name_is_their_hash()
    {
        var again = TaskCatalogue.Pack("synthetic-har", folder: null);

        Assert.Equal(Packed.Training.Sha256, again.Training.Sha256);
        Assert.Equal(Packed.Test.Sha256, again.Test.Sha256);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Packed.Test.Bytes)), Packed.Test.Sha256);
    }

    [Fact]
    public void The_synthetic_data_is_the_same_to_the_bit_on_every_platform()
    {
        Assert.Equal("5f84f5f2f6461999f4175124d5e4f23f38884d8d425a7a80f4bf0a5a57b62839", Packed.Test.Sha256);
    }

    [Fact]
    public void A_pack_with_a_flipped_bit_or_cut_short_is_refused()
    {
        var flipped = (byte[])Packed.Test.Bytes.Clone();
        flipped[flipped.Length / 2] ^= 4;

        Assert.Throws<FileFormatException>(() => PackedSet.Read(flipped, "pack"));
        Assert.Throws<FileFormatException>(() => PackedSet.Read(Packed.Test.Bytes.AsMemory(0, 5000), "pack"));
    }

    [Theory]
    [InlineData("\"kind\":\"data\"", "\"kind\":\"model\"", "no packed data set")]
    [InlineData("\"format\":1", "\"format\":2", "format 2")]
    [InlineData("\"split\":\"test\"", "\"split\":\"all\"", "the split is 'all'")]
    [InlineData("\"channels\":[\"x\",\"y\"]", "\"channels\":[\"x\"]", "1 channels")]
    [InlineData("\"labels\":[\"a\",\"b\"]", "\"labels\":[\"a\"]", "label 1 of sample 1 has no name")]
    [InlineData("\"task\":\"t\",", "", "does not describe")]
    [InlineData("{", "", "does not describe")]
    public void Metadata_that_contradicts_the_data_is_refused(string from, string to, string complaint)
    {
        var wrong = Assert.Throws<FileFormatException>(() => Read(Metadata.Replace(from, to), [2, 3, 2], 2));

        Assert.Contains(complaint, wrong.Message);
        Assert.StartsWith("pack: ", wrong.Message);
    }

    [Theory]
    [InlineData(new[] { 2, 6 }, 2, "f32 [samples, steps, features]")]
    [InlineData(new[] { 3, 2, 2 }, 2, "2 labels for 3 samples")]
    [InlineData(new[] { 0, 6, 2 }, 0, "at least one sample")]
    public void Tensors_of_wrong_shape_are_refused(int[] shape, int labels, string complaint)
    {
        Assert.Contains(complaint, Assert.Throws<FileFormatException>(() => Read(Metadata, shape, labels)).Message);
    }

    [Fact]
    public void A_pack_in_order_is_read()
    {
        Assert.Equal(2, Read(Metadata, [2, 3, 2], 2).Data.Samples);
    }

    [Fact]
    public void A_pack_that_names_no_persons_is_read_as_one_and_numbers_for_other_samples_are_refused()
    {
        Assert.Null(Read(Metadata, [2, 3, 2], 2).Data.Groups);
        Assert.Equal([7, 7], Read(Metadata, [2, 3, 2], 2, new Tensor("groups", [2], new ushort[] { 7, 7 })).Data.Groups!);
        foreach (var wrong in new[] { new Tensor("groups", [3], new ushort[3]), new Tensor("groups", [2], new uint[2]) })
        {
            Assert.Contains("tensor 'groups': it is not u16 [2]", Assert.Throws<FileFormatException>(() => Read(Metadata, [2, 3, 2], 2, wrong)).Message);
        }
    }

    [Fact]
    public void Tensors_without_a_document_are_no_pack()
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new Dictionary<string, string>(), []);

        Assert.Contains("it is missing", Assert.Throws<FileFormatException>(() => PackedSet.Read(stream.ToArray(), "pack")).Message);
    }

    private static PackedSet Read(string metadata, int[] shape, int labels, params Tensor[] more)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new Dictionary<string, string> { ["fleet"] = metadata },
        [
            new Tensor("inputs", shape, new float[shape.Aggregate(1, (product, extent) => product * extent)]),
            new Tensor("labels", [labels], Enumerable.Range(0, labels).Select(label => (ushort)label).ToArray()),
            .. more,
        ]);
        return PackedSet.Read(stream.ToArray(), "pack");
    }
}
