using System.Text.Json.Nodes;
using Fleet.Kernels.Models;

namespace Fleet.Kernels.Tests.Models;

public sealed class ModelFileTests
{
    [Theory]
    [InlineData("dense", 1)]
    [InlineData("hmd", 1.5)]
    [InlineData("lmf", 1.5)]
    [InlineData("pruned", 1.5)]
    public void A_model_of_every_method_survives_the_way_to_a_file_and_back(string method, double compression)
    {
        var document = RandomModel.Create(RandomModel.Structure(method, 5, 7, compression, ("input", method == "dense" ? "auto" : "compressed")), 3, 1);

        var read = ModelFile.Read(Bytes(document), "x");

        Assert.Equal(document.Structure, read.Structure);
        Assert.Equivalent(document.Metadata, read.Metadata, strict: true);
        Assert.All(document.Tensors, pair => Assert.Equal(pair.Value.Data, read.Tensors[pair.Key].Data));
        Assert.Equal(Bytes(document), Bytes(read));
    }

    [Theory]
    [InlineData("hmd")]
    [InlineData("pruned")]
    public void A_model_cut_short_anywhere_or_with_any_byte_flipped_is_an_error(string method)
    {
        var bytes = Bytes(Small(method));
        for (var index = 0; index < bytes.Length; index++)
        {
            Assert.Throws<FileFormatException>(() => ModelFile.Read(bytes.AsMemory(0, index), "x"));
            bytes[index] ^= 0xFF;
            Assert.Throws<FileFormatException>(() => ModelFile.Read(bytes, "x"));
            bytes[index] ^= 0xFF;
        }

        Assert.NotNull(ModelFile.Read(bytes, "x"));
    }

    [Theory]
    [InlineData("format", "2", "reads format 1")]
    [InlineData("format", "1.5", "format is not a number")]
    [InlineData("format", "null", "does not describe a model")]
    [InlineData("cell", "\"gru\"", "cell 'gru' is unknown")]
    [InlineData("cell", "null", "does not describe a model")]
    [InlineData("hidden", "0", "hidden is 0")]
    [InlineData("hidden", "65536", "hidden is 65536")]
    [InlineData("hidden", "8", "but must be")]
    [InlineData("input", "6", "tensor 'input.weight'")]
    [InlineData("steps", "0", "steps is 0")]
    [InlineData("labels", "[]", "at least one class")]
    [InlineData("labels", "[\"a\",\"a\",\"b\"]", "each once")]
    [InlineData("labels", "[\"a\",null,\"b\"]", "at least one class")]
    [InlineData("labels", "[\"a\",\"b\"]", "tensor 'head.weight'")]
    [InlineData("recurrent_matrix", "{\"method\":\"magic\",\"arguments\":{}}", "method 'magic' is unknown; known are dense, hmd, lmf, pruned")]
    [InlineData("recurrent_matrix", "{\"method\":\"hmd\",\"arguments\":{\"r\":\"1\"}}", "k is missing")]
    [InlineData("recurrent_matrix", "{\"method\":\"hmd\",\"arguments\":{\"r\":\"99\",\"k\":\"2\"}}", "r is '99', but must be 0 to 6")]
    [InlineData("recurrent_matrix", "{\"method\":\"hmd\",\"arguments\":null}", "does not describe a model")]
    [InlineData("recurrent_matrix", "{\"method\":\"dense\",\"arguments\":{}}", "tensor 'recurrent.weight': it is missing")]
    [InlineData("seed", "\"x\"", "does not describe a model")]
    public void Metadata_that_do_not_fit_the_tensors_are_an_error_that_says_why(string key, string value, string cause)
    {
        var document = Small("hmd");
        var file = SafetensorsFile.Read(Bytes(document), "x");
        var json = JsonNode.Parse(file.Metadata["fleet"])!.AsObject();
        json[key] = JsonNode.Parse(value);
        // A hidden size of 8 with r = 6 of 7 rows is caught by the tensors; one that leaves r out of range, by the metadata.
        if (key == "hidden" && value == "8")
        {
            json["recurrent_matrix"] = JsonNode.Parse("""{"method":"hmd","arguments":{"r":"8","k":"2"}}""");
        }

        Assert.Contains(cause, Fails(json.ToJsonString(), file.Tensors.Values).Message);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_fleet_key_that_is_no_model_is_an_error(string text) =>
        Assert.Equal("metadata 'fleet'", Fails(text, []).Place);

    [Fact]
    public void Tensors_of_another_program_are_no_model()
    {
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new Dictionary<string, string>(), []);
        var error = Assert.Throws<FileFormatException>(() => ModelFile.Read(stream.ToArray(), "x"));
        Assert.Contains("no model of Fleet", error.Message);
    }

    [Fact]
    public void A_tensor_too_many_is_named()
    {
        var document = Small("dense");
        var tensors = document.Tensors.Values.Append(new Tensor("recurrent.extra", [1], new float[1]));
        Assert.Equal("tensor 'recurrent.extra'", Fails(SafetensorsFile.Read(Bytes(document), "x").Metadata["fleet"], tensors).Place);
    }

    [Theory]
    [InlineData("columns", 0, 7, "the matrix has 7 columns")]
    [InlineData("columns", 1, 0, "do not ascend")]
    [InlineData("row_offsets", 0, 1, "not from 0 to")]
    [InlineData("row_offsets", 28, 1, "not from 0 to")]
    [InlineData("row_offsets", 1, 1_000_000, "row 0 goes from 0 to 1000000")]
    [InlineData("row_offsets", 14, 0, "row 13 goes from")]
    public void Sparse_rows_that_contradict_themselves_are_an_error_and_are_not_written(string name, int index, int value, string cause)
    {
        var document = Small("pruned");
        var full = "recurrent." + name;
        var tensor = document.Tensors[full];
        var data = (Array)tensor.Data.Clone();
        data.SetValue(Convert.ChangeType(value, data.GetType().GetElementType()!), index);
        var tensors = new Dictionary<string, Tensor>(document.Tensors) { [full] = tensor with { Data = data } };

        var error = Fails(SafetensorsFile.Read(Bytes(document), "x").Metadata["fleet"], tensors.Values);
        Assert.Equal($"tensor '{full}'", error.Place);
        Assert.Contains(cause, error.Message);
        Assert.Contains(cause, Assert.Throws<ArgumentException>(() => ModelFile.Write(new MemoryStream(), document with { Tensors = tensors })).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_reported_as_such()
    {
        var error = Assert.Throws<FileNotFoundException>(() => ModelFile.Read("/no/such/model.safetensors"));
        Assert.Contains("/no/such/model.safetensors", error.Message);
    }

    private static ModelDocument Small(string method) =>
        RandomModel.Create(RandomModel.Structure(method, 2, 7, method == "dense" ? 1 : 1.3), 3, 1);

    private static FileFormatException Fails(string metadata, IEnumerable<Tensor> tensors)
    {
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new Dictionary<string, string> { ["fleet"] = metadata }, tensors);
        return Assert.Throws<FileFormatException>(() => ModelFile.Read(stream.ToArray(), "x"));
    }

    private static byte[] Bytes(ModelDocument document)
    {
        var stream = new MemoryStream();
        ModelFile.Write(stream, document);
        return stream.ToArray();
    }
}
