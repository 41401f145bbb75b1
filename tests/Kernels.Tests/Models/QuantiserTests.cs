using System.Text.Json.Nodes;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Models;

public sealed class QuantiserTests
{
    public static TheoryData<string, double> Methods => new()
    {
        { "dense", 1 }, { "hmd", 1.5 }, { "lmf", 1.5 }, { "pruned", 1.5 }, { "block-sparse", 1.5 }, { "kronecker", 4 }, { "doped-kronecker", 2 },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_weight_is_off_by_half_a_scale_at_most_and_all_else_is_kept(string method, double compression)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var floats = Spread(Small(method, compression, seed), seed);
            var int8 = Quantiser.Quantise(floats);
            Assert.Equal(Precision.Int8, int8.Structure.Precision);
            Assert.Equal(floats.Structure, int8.Structure with { Precision = Precision.Fp32 });
            Assert.Equal(ModelDocument.Expected(int8.Structure).Select(spec => spec.Name).Order(), int8.Tensors.Keys.Order());
            Assert.Equal(int8.StoredBytes, int8.Tensors.Values.Sum(tensor => (long)tensor.Data.Length * tensor.Type.Bytes()));
            var restored = Quantiser.Dequantise(int8);
            Assert.Equal(floats.Tensors.Keys.Order(), restored.Tensors.Keys.Order());
            foreach (var (name, tensor) in floats.Tensors)
            {
                if (int8.Tensors[name].Type != ElementType.I8)
                {
                    Assert.Equal(tensor.Data, int8.Tensors[name].Data);
                    continue;
                }

                var scales = Scales(floats, int8, name);
                for (var element = 0; element < tensor.Data.Length; element++)
                {
                    var (weight, q, scale) = (tensor.Floats[element], (double)int8.Tensors[name].Bytes[element], scales[element]);
                    // Exact in double: q * scale has 31 digits, and the rest is a multiple of what both are multiples of.
                    Assert.True(Math.Abs(weight - (q * scale)) <= (double)scale / 2, $"{name}[{element}] is {weight}, and {q} * {scale}.");
                    Assert.InRange(q, -127, 127);
                    Assert.Equal((float)(q * scale), restored.Tensors[name].Floats[element]);
                }

                // No scale is larger than its row needs: someone in it has the greatest byte, or all are zero.
                foreach (var row in Enumerable.Range(0, tensor.Data.Length).GroupBy(element => RowOf(floats, name, element)))
                {
                    var max = row.Max(element => Math.Abs((int)int8.Tensors[name].Bytes[element]));
                    Assert.True(
                        max == 127 || row.All(element => Math.Abs(tensor.Floats[element]) < 1e-35), $"{name}, row {row.Key}: the greatest byte is {max}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_model_in_int8_survives_the_way_to_a_file_and_back(string method, double compression)
    {
        var document = Quantiser.Quantise(Small(method, compression, 1));
        var read = ModelFile.Read(ModelFileTests.Bytes(document), "x");
        Assert.Equal(document.Structure, read.Structure);
        Assert.Equal(Precision.Int8, read.Structure.Precision);
        Assert.All(document.Tensors, pair => Assert.Equal(pair.Value.Data, read.Tensors[pair.Key].Data));
        Assert.Equal(ModelFileTests.Bytes(document), ModelFileTests.Bytes(read));
        Assert.Equal("int8", (string?)JsonNode.Parse(SafetensorsFile.Read(ModelFileTests.Bytes(document), "x").Metadata["fleet"])!["precision"]);
    }

    [Fact]
    public void A_model_in_int8_cut_short_anywhere_or_with_any_byte_flipped_is_an_error() =>
        ModelFileTests.FindsEveryDamage(ModelFileTests.Bytes(Quantiser.Quantise(RandomModel.Create(RandomModel.Structure("hmd", 2, 7, 1.3), 3, 1))));

    [Theory]
    [InlineData("head.weight_scale", 0)]
    [InlineData("layers.0.forward.recurrent.rich_scale", -1)]
    [InlineData("embedding.weight_scale", 0)]
    public void A_scale_that_is_not_greater_than_zero_is_an_error_and_is_not_written(string name, float value)
    {
        var document = Quantiser.Quantise(Small("hmd", 1.5, 1));
        var scales = document.Tensors[name].Floats.ToArray();
        scales[1] = value;
        var tensors = new Dictionary<string, Tensor>(document.Tensors) { [name] = document.Tensors[name] with { Data = scales } };
        Assert.Contains(
            "greater than zero", Assert.Throws<ArgumentException>(() => ModelFile.Write(new MemoryStream(), document with { Tensors = tensors })).Message);
        var error = ModelFileTests.Fails(SafetensorsFile.Read(ModelFileTests.Bytes(document), "x").Metadata["fleet"], tensors.Values);
        Assert.Equal($"tensor '{name}'", error.Place);
        Assert.Contains("element 1", error.Message);
    }

    [Fact]
    public void Floats_where_bytes_are_due_and_a_precision_that_is_unknown_are_errors()
    {
        var document = Quantiser.Quantise(Small("dense", 1, 1));
        var file = SafetensorsFile.Read(ModelFileTests.Bytes(document), "x");
        var wrong = new Dictionary<string, Tensor>(document.Tensors) { [ModelDocument.HeadWeight] = Small("dense", 1, 1).Tensors[ModelDocument.HeadWeight] };
        Assert.Contains("I8 [", ModelFileTests.Fails(file.Metadata["fleet"], wrong.Values).Message);
        Assert.Contains(
            "precision 'int4' is unknown; known are fp32, int8",
            ModelFileTests.Fails(file.Metadata["fleet"].Replace("\"int8\"", "\"int4\"", StringComparison.Ordinal), document.Tensors.Values).Message);
    }

    [Fact]
    public void What_is_in_a_precision_already_is_refused()
    {
        var floats = Small("dense", 1, 1);
        Assert.Contains("in int8 already", Assert.Throws<ArgumentException>(() => Quantiser.Quantise(Quantiser.Quantise(floats))).Message);
        Assert.Contains("in fp32 already", Assert.Throws<ArgumentException>(() => Quantiser.Dequantise(floats)).Message);
    }

    private static ModelDocument Small(string method, double compression, int seed)
    {
        var cell = RandomModel.Structure(
            new CellShape(CellShape.Gru, 9, 14) { ResetBefore = true }, method, compression, ("input", method == "dense" ? "auto" : "compressed"));
        return RandomModel.Create(
            new ModelStructure(new EmbeddingStructure(5, 9), Normalised: false, [new LayerStructure(cell)], new HeadStructure(HeadKind.Language, 5)), seed);
    }

    /// <summary>The same with rows of very different sizes, with zeros, and with halves of a scale.</summary>
    private static ModelDocument Spread(ModelDocument document, int seed)
    {
        var random = new Random(seed);
        var tensors = document.Tensors.Values.Select(
            tensor => tensor.Type == ElementType.F32 ? tensor with { Data = Array.ConvertAll((float[])tensor.Data, Change) } : tensor);
        return document with { Tensors = tensors.ToDictionary(tensor => tensor.Name) };

        float Change(float value) => random.Next(8) switch
        {
            0 => 0,
            1 => MathF.Round(value * 254) / 254,
            2 => value * MathF.Pow(10, random.Next(-38, 30)),
            _ => value,
        };
    }

    private static float[] Scales(ModelDocument floats, ModelDocument int8, string name) =>
        [.. Enumerable.Range(0, floats.Tensors[name].Data.Length).Select(element => int8.Tensors[name + "_scale"].Floats[RowOf(floats, name, element)])];

    /// <summary>By hand: the last dimension is a row, but in sparse matrices the matrix's own rows are.</summary>
    private static int RowOf(ModelDocument document, string name, int element)
    {
        if (!name.EndsWith(".values", StringComparison.Ordinal))
        {
            return element / document.Tensors[name].Shape[^1];
        }

        var height = document.Tensors[name].Shape is [_, var rows] ? rows : 1;
        var offsets = document.Tensors[name.Replace(".values", ".row_offsets", StringComparison.Ordinal)].Words32;
        var entry = element / height;
        var row = 0;
        while (offsets[row + 1] <= entry)
        {
            row++;
        }

        return (row * height) + (element % height);
    }
}
