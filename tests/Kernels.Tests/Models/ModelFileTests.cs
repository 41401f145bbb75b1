using System.Text.Json.Nodes;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Models;

public sealed class ModelFileTests
{
    [Theory]
    [InlineData("dense", 1)]
    [InlineData("hmd", 1.5)]
    [InlineData("lmf", 1.5)]
    [InlineData("pruned", 1.5)]
    [InlineData("block-sparse", 1.5)]
    [InlineData("kronecker", 2)]
    [InlineData("doped-kronecker", 2)]
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
        FindsEveryDamage(Bytes(Small(method)));
    }

    /// <summary>Cut short anywhere, or with any byte flipped, the file is an error.</summary>
    internal static void FindsEveryDamage(byte[] bytes)
    {
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
    [InlineData("format", "3", "reads formats 1 and 2")]
    [InlineData("format", "1.5", "format is not a number")]
    [InlineData("format", "null", "does not describe a model")]
    [InlineData("layers", "[]", "there are 0 layers")]
    [InlineData("layers", "[null]", "does not describe a model")]
    [InlineData("layers", "null", "does not describe a model")]
    [InlineData("layers/0/cell", "\"warp\"", "cell 'warp' is unknown")]
    [InlineData("layers/0/cell", "\"gru\"", "tensor 'layers.0.forward.input.weight'")]
    [InlineData("layers/0/cell", "null", "does not describe a model")]
    [InlineData("layers/0/relu", "true", "relu for rnn")]
    [InlineData("layers/0/direction", "\"both\"", "direction 'both' is unknown; known are forward, reverse, bidirectional")]
    [InlineData("layers/0/direction", "\"bidirectional\"", "it has 1 cells")]
    [InlineData("layers/0/hidden", "0", "hidden is 0")]
    [InlineData("layers/0/hidden", "65536", "hidden is 65536")]
    [InlineData("layers/0/hidden", "8", "tensor 'layers.0.forward.input.weight'")]
    [InlineData("layers/0/input", "6", "tensor 'normalisation.mean'")]
    [InlineData("layers/0/matrices", "[null]", "does not describe a model")]
    [InlineData("layers/0/matrices/0/recurrent", "null", "matrix recurrent is missing")]
    [InlineData("layers/0/matrices/0/recurrent", "{\"method\":\"magic\",\"arguments\":{}}", "method 'magic' is unknown; known are dense, hmd, lmf, pruned")]
    [InlineData("layers/0/matrices/0/recurrent", "{\"method\":\"hmd\",\"arguments\":{\"r\":\"1\"}}", "k is missing")]
    [InlineData("layers/0/matrices/0/recurrent", "{\"method\":\"hmd\",\"arguments\":{\"r\":\"99\",\"k\":\"2\"}}", "r is '99', but must be 0 to 6")]
    [InlineData("layers/0/matrices/0/recurrent", "{\"method\":\"hmd\",\"arguments\":null}", "does not describe a model")]
    [InlineData("layers/0/matrices/0/recurrent", "{\"method\":\"dense\",\"arguments\":{}}", "tensor 'layers.0.forward.recurrent.weight': it is missing")]
    [InlineData("embedding", "{\"vocabulary\":4,\"width\":2}", "tokens cannot be normalised")]
    [InlineData("embedding", "{\"vocabulary\":0,\"width\":2}", "vocabulary is 0")]
    [InlineData("head/kind", "\"tail\"", "head 'tail' is unknown")]
    [InlineData("head/kind", "\"none\"", "neither outputs nor softmax")]
    [InlineData("head/outputs", "-1", "outputs is -1")]
    [InlineData("head/outputs", "4", "labels must name all 4 outputs")]
    [InlineData("metadata/steps", "0", "steps is 0")]
    [InlineData("metadata/labels", "[\"a\",\"a\",\"b\"]", "each once")]
    [InlineData("metadata/labels", "[\"a\",null,\"b\"]", "each once")]
    [InlineData("metadata/labels", "[\"a\",\"b\"]", "labels must name all 3 outputs")]
    [InlineData("metadata/seed", "\"x\"", "does not describe a model")]
    public void Metadata_that_do_not_fit_the_tensors_are_an_error_that_says_why(string path, string value, string cause)
    {
        var file = SafetensorsFile.Read(Bytes(Small("hmd")), "x");
        var json = JsonNode.Parse(file.Metadata["fleet"])!;
        var steps = path.Split('/');
        var node = steps[..^1].Aggregate(json, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!);
        node.AsObject()[steps[^1]] = JsonNode.Parse(value);
        Assert.Contains(cause, Fails(json.ToJsonString(), file.Tensors.Values).Message);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("hmd")]
    [InlineData("pruned")]
    public void A_model_of_the_first_format_is_read_as_what_it_would_be_now(string method)
    {
        var document = Small(method);
        var cell = document.Structure.Layers[0].Cells[0];
        var metadata = new JsonObject
        {
            ["format"] = 1,
            ["task"] = "random",
            ["metric"] = "accuracy",
            ["cell"] = "lstm",
            ["input"] = 2,
            ["hidden"] = 7,
            ["steps"] = 16,
            ["labels"] = new JsonArray("class 0", "class 1", "class 2"),
            ["method"] = method,
            ["input_matrix"] = Matrix(cell.Input),
            ["recurrent_matrix"] = Matrix(cell.Recurrent),
            ["variant_name"] = "random",
            ["variant"] = "0123456789abcdef0123456789abcdef",
            ["seed"] = 1,
            ["numerics_version"] = NumericsVersion.Current,
        };
        var stream = new MemoryStream();
        var tensors = document.Tensors.Values.Select(tensor => tensor with { Name = tensor.Name.Replace("layers.0.forward.", "", StringComparison.Ordinal) });
        SafetensorsFile.Write(stream, new Dictionary<string, string> { ["fleet"] = metadata.ToJsonString() }, tensors);

        var read = ModelFile.Read(stream.ToArray(), "x");

        Assert.Equal(document.Structure, read.Structure);
        Assert.Equivalent(document.Metadata, read.Metadata, strict: true);
        Assert.Equal(Bytes(document), Bytes(read));

        static JsonObject Matrix(MatrixStructure matrix) => new()
        {
            ["method"] = matrix.Method,
            ["arguments"] = new JsonObject(matrix.Arguments.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        };
    }

    [Fact]
    public void A_model_of_every_part_survives_the_way_to_a_file_and_back()
    {
        var lower = RandomModel.Structure(new CellShape(CellShape.Gru, 4, 9) { ResetBefore = true }, "hmd", 1.2, ("input", "compressed"));
        var upper = CellStructure.Dense(new CellShape(CellShape.Lstm, 18, 5) { Peepholes = true });
        var fast = RandomModel.Structure(new CellShape(CellShape.FastGrnn, 5, 12), "lmf", 1.2);
        var structure = new ModelStructure(
            new EmbeddingStructure(11, 4),
            Normalised: false,
            [new LayerStructure(LayerDirection.Bidirectional, [lower, lower]), new LayerStructure(LayerDirection.Reverse, [upper]), new LayerStructure(fast)],
            new HeadStructure(HeadKind.Language, 11, Softmax: true));
        var document = RandomModel.Create(structure, 1);
        var read = ModelFile.Read(Bytes(document), "x");
        Assert.Equal(structure, read.Structure);
        Assert.Equivalent(document.Metadata, read.Metadata, strict: true);
        Assert.Equal(Bytes(document), Bytes(read));
        Assert.Equal(structure.Parameters, document.Tensors.Values.Sum(tensor => (long)tensor.Data.Length));
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
        var tensors = document.Tensors.Values.Append(new Tensor("layers.0.forward.recurrent.extra", [1], new float[1]));
        Assert.Equal("tensor 'layers.0.forward.recurrent.extra'", Fails(SafetensorsFile.Read(Bytes(document), "x").Metadata["fleet"], tensors).Place);
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
        var full = "layers.0.forward.recurrent." + name;
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
        var error = Assert.ThrowsAny<IOException>(() => ModelFile.Read("/no/such/model.safetensors"));
        Assert.Contains("/no/such/model.safetensors", error.Message);
    }

    private static ModelDocument Small(string method) =>
        RandomModel.Create(RandomModel.Structure(method, 2, 7, method == "dense" ? 1 : 1.3), 3, 1);

    internal static FileFormatException Fails(string metadata, IEnumerable<Tensor> tensors)
    {
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new Dictionary<string, string> { ["fleet"] = metadata }, tensors);
        return Assert.Throws<FileFormatException>(() => ModelFile.Read(stream.ToArray(), "x"));
    }

    internal static byte[] Bytes(ModelDocument document)
    {
        var stream = new MemoryStream();
        ModelFile.Write(stream, document);
        return stream.ToArray();
    }
}
