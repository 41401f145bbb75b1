using Fleet.Interchange.Onnx;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using Google.Protobuf;
using static Fleet.Interchange.Onnx.Files.GraphWriter;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>What is refused, and in which words.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void An_unsupported_node_is_named_with_its_place_its_domain_and_what_is_supported()
    {
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var y = made.Recurrent("LSTM", "x", 4, 3)[0];
        var odd = made.Graph.Node("FusedThing", [y]);
        made.Graph.Graph.Node[^1].Domain = "com.example";
        var failure = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(odd), "model.onnx"));
        Assert.StartsWith("model.onnx: node 'FusedThing_1' (number 1, operator FusedThing of domain com.example): ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("LSTM, LogSoftmax, MatMul", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip", "clip (3)")]
    [InlineData("activations", "activation HardSigmoid")]
    [InlineData("input_forget", "input_forget")]
    [InlineData("direction", "direction 'sideways'")]
    [InlineData("hidden_size", "hidden_size is 7")]
    [InlineData("layout", "layout is 2")]
    public void An_attribute_that_is_wrong_or_not_supported_is_named(string attribute, string words)
    {
        var made = new ForeignGraph(14, DataType.Float, "steps", "batch", 4);
        var given = attribute switch
        {
            "clip" => Attribute("clip", 3f),
            "activations" => Attribute("activations", ["HardSigmoid", "Tanh", "Tanh"]),
            "input_forget" => Attribute("input_forget", 1),
            "direction" => Attribute("direction", "sideways"),
            "hidden_size" => Attribute("hidden_size", 7),
            _ => Attribute("layout", 2),
        };
        var y = made.Recurrent("LSTM", "x", 4, 3, attributes: given)[0];
        Assert.Contains(words, Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(y), "m.onnx")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(23)]
    public void Operators_of_versions_that_are_not_known_are_refused(int opset)
    {
        var made = new ForeignGraph(opset, DataType.Float, "steps", "batch", 4);
        var failure = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(made.Recurrent("LSTM", "x", 4, 3)[0]), "m.onnx"));
        Assert.Contains($"version {opset}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(opset < 7 ? "opset_version=7 or higher" : "opset_version=22 or lower", failure.Message, StringComparison.Ordinal);
        Assert.Contains("7 to 22", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_wants_its_states_says_which_inputs_are_too_many()
    {
        var made = new ForeignGraph(14, DataType.Float, "steps", "batch", 4);
        made.Graph.Input("h0", DataType.Float, 1, "batch", 3);
        var y = made.Recurrent("GRU", "x", 4, 3, initial: "h0")[0];
        Assert.Contains("'h0'", Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(y), "m.onnx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edited_graph_is_not_taken_for_the_model_that_its_metadata_describe()
    {
        var model = ModelProto.Parser.ParseFrom(OnnxModelFile.ToBytes(FuzzSeeds.Structured()));
        var add = model.Graph.Node.Last(node => node.OpType == "Add");
        add.OpType = "Sub";
        var failure = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(model.ToByteArray(), "m.onnx"));
        Assert.Contains("the graph is another one", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"arguments\":{\"k\":\"2\",\"r\":\"2\"}", "\"nothing\":{}")]
    [InlineData("\"kind\":\"language\",", "")]
    [InlineData("\"layers\":", "\"stacks\":")]
    public void A_description_from_which_something_is_missing_is_refused(string part, string instead)
    {
        var model = ModelProto.Parser.ParseFrom(OnnxModelFile.ToBytes(FuzzSeeds.Structured()));
        Assert.Contains(part, model.MetadataProps[0].Value, StringComparison.Ordinal);
        model.MetadataProps[0].Value = model.MetadataProps[0].Value.Replace(part, instead, StringComparison.Ordinal);
        Assert.Contains(
            "metadata 'fleet'", Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(model.ToByteArray(), "m.onnx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_without_labels_is_one_of_a_model_whose_classes_have_no_names()
    {
        var model = ModelProto.Parser.ParseFrom(OnnxModelFile.ToBytes(FuzzSeeds.Structured()));
        model.MetadataProps[0].Value = model.MetadataProps[0].Value.Replace("\"labels\":", "\"names\":", StringComparison.Ordinal);
        Assert.Empty(OnnxModelFile.Read(model.ToByteArray(), "m.onnx").Document.Metadata.Labels);
    }

    [Fact]
    public void A_weight_that_is_no_number_is_refused()
    {
        var model = ModelProto.Parser.ParseFrom(OnnxModelFile.ToBytes(FuzzSeeds.Plain()));
        var weight = model.Graph.Initializer.First(tensor => tensor.Name == "layers.0.W");
        var data = weight.RawData.ToByteArray();
        BitConverter.GetBytes(float.NaN).CopyTo(data, 8);
        weight.RawData = ByteString.CopyFrom(data);
        Assert.Contains(
            "finite", Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(model.ToByteArray(), "m.onnx")).Message, StringComparison.Ordinal);
    }
}
