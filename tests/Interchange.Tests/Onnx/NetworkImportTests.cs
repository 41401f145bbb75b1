using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Graphs;
using Fleet.Interchange.Tests.Support;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using static Fleet.Interchange.Onnx.Files.GraphWriter;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>Graphs as other programs write them: imported, run node by node, and on ONNX Runtime, they give the same.</summary>
public sealed class NetworkImportTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(17)]
    [InlineData(22)]
    public void A_classifier_of_any_opset_that_takes_sequences_first(int opset)
    {
        var made = new ForeignGraph(opset, DataType.Float, "batch", "steps", 4);
        var y = made.Recurrent("LSTM", made.Transpose("x", 1, 0, 2), 4, 6)[0];
        var all = made.Transpose(made.Squeeze(y, 1), 1, 0, 2);
        var last = made.Squeeze(made.Slice(all, -1, long.MaxValue, 1), 1);
        var model = AssertAgrees(made.Bytes(made.Graph.Node("Softmax", [made.Linear(last, 6, 3)], Attribute("axis", 1))), batchFirst: true);
        Assert.Equal(new HeadStructure(HeadKind.Sequence, 3, Softmax: true), model.Document.Structure.Head);
        Assert.Empty(model.LeftOut);
    }

    [Fact]
    public void Zero_states_that_are_made_from_the_shape_of_the_input_are_no_hindrance()
    {
        var made = new ForeignGraph(14, DataType.Float, "steps", "batch", 4);
        var graph = made.Graph;
        var batch = graph.Node("Gather", [graph.Node("Shape", ["x"]), graph.Integers(1)], Attribute("axis", 0));
        var shape = graph.Node("Concat", [graph.Integers(1), batch, graph.Integers(6)], Attribute("axis", 0));
        var zeros = graph.Node("Expand", [graph.Floats("zero", [1, 1, 1], () => [0]), shape]);
        var y = made.Recurrent("GRU", "x", 4, 6, initial: zeros, attributes: Attribute("linear_before_reset", 1))[0];
        AssertAgrees(made.Bytes(made.Squeeze(y, 1)), batchFirst: false);
    }

    [Fact]
    public void States_that_are_not_zero_make_it_no_model_of_Fleet_but_a_graph_that_runs()
    {
        var made = new ForeignGraph(14, DataType.Float, "steps", 2, 4);
        var y = made.Recurrent("GRU", "x", 4, 6, initial: made.Weights(1, 2, 6))[0];
        var bytes = made.Bytes(made.Squeeze(y, 1));
        var failure = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(bytes, "m.onnx"));
        Assert.Contains("GRU_0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("does not start from zero", failure.Message, StringComparison.Ordinal);
        var input = Input(6, 2, 4);
        AssertNear(Peer.Run(bytes, ("x", input))[0], Evaluate(bytes, input));
    }

    [Fact]
    public void A_bidirectional_stack_with_an_embedding_and_the_last_states_of_both()
    {
        var made = new ForeignGraph(13, DataType.Int64, "steps", "batch");
        var graph = made.Graph;
        var words = graph.Node("Gather", [made.Weights(11, 5), "x"]);
        var first = made.Recurrent("LSTM", words, 5, 4, "bidirectional")[0];
        var between = graph.Node("Reshape", [made.Transpose(first, 0, 2, 1, 3), graph.Integers(0, 0, -1)]);
        var states = made.Recurrent("LSTM", between, 8, 3, "bidirectional")[1];
        // As h_n[-2] and h_n[-1] side by side.
        var last = graph.Node("Concat", [Pick(-2), Pick(-1)], Attribute("axis", 1));
        var logits = graph.Node("Add", [graph.Node("MatMul", [last, made.Weights(6, 2)]), made.Weights(2)]);
        var model = AssertAgrees(made.Bytes(logits), batchFirst: false, tokens: 11);
        Assert.Equal(2, model.Document.Structure.Layers.Count);
        Assert.Equal(new EmbeddingStructure(11, 5), model.Document.Structure.Embedding);

        string Pick(long place) => made.Squeeze(graph.Node("Gather", [states, graph.Integers(place)], Attribute("axis", 0)), 0);
    }

    [Fact]
    public void The_last_step_of_a_bidirectional_layer_is_not_taken_for_its_last_states()
    {
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var y = made.Recurrent("LSTM", "x", 4, 3, "bidirectional")[0];
        var all = made.Graph.Node("Reshape", [made.Transpose(y, 0, 2, 1, 3), made.Graph.Integers(0, 0, -1)]);
        var last = made.Squeeze(made.Slice(all, -1, long.MaxValue, 0), 0);
        var failure = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(made.Linear(last, 6, 2)), "m.onnx"));
        Assert.Contains("Gemm", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the backward state after the first", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_is_last_by_chance_only_is_not_taken_for_the_last()
    {
        // 4 is the last of the first probe's five steps.
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var y = made.Recurrent("LSTM", "x", 4, 3)[0];
        var some = made.Squeeze(made.Slice(made.Squeeze(y, 1), 4, 5, 0), 0);
        Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(made.Linear(some, 3, 2)), "m.onnx"));
    }

    [Fact]
    public void Features_may_be_normalised_and_every_step_answered()
    {
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var graph = made.Graph;
        var scaled = graph.Node("Div", [graph.Node("Sub", ["x", made.Weights(4)]), graph.Floats("deviation", [1, 1, 4], () => [1, 2, 4, 0.5f])]);
        var y = made.Recurrent("RNN", scaled, 4, 5, attributes: Attribute("activations", ["Relu"]))[0];
        var flat = graph.Node("Reshape", [y, graph.Integers(-1, 5)]);
        var answers = graph.Node("Reshape", [made.Linear(flat, 5, 3), graph.Integers(-1, 2, 3)]);
        // A batch of two is written into the last Reshape, so the import cannot leave it open.
        Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(answers), "m.onnx"));

        var sound = new ForeignGraph(13, DataType.Float, "steps", 2, 4);
        scaled = sound.Graph.Node("Div", [sound.Graph.Node("Sub", ["x", sound.Weights(4)]), sound.Graph.Floats("deviation", [1, 1, 4], () => [1, 2, 4, 0.5f])]);
        y = sound.Recurrent("RNN", scaled, 4, 5, attributes: Attribute("activations", ["Relu"]))[0];
        flat = sound.Graph.Node("Reshape", [y, sound.Graph.Integers(-1, 5)]);
        var model = AssertAgrees(sound.Bytes(sound.Graph.Node("Reshape", [sound.Linear(flat, 5, 3), sound.Graph.Integers(-1, 2, 3)])), batchFirst: false);
        Assert.True(model.Document.Structure.Normalised);
        Assert.Equal(HeadKind.Step, model.Document.Structure.Head.Kind);
    }

    [Fact]
    public void What_a_graph_does_beside_the_model_is_told()
    {
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var results = made.Recurrent("LSTM", "x", 4, 3);
        var answer = made.Graph.Node("LogSoftmax", [made.Linear(made.Squeeze(results[1], 0), 3, 2)], Attribute("axis", -1));
        var model = OnnxModelFile.Read(Google.Protobuf.MessageExtensions.ToByteArray(made.Model(answer, results[2])), "m.onnx");
        Assert.Equal([$"output '{results[2]}'", "the LogSoftmax at the end: the model's outputs are logits"], model.LeftOut);
        Assert.True(model.LogSoftmax);
    }

    [Fact]
    public void Rows_of_layers_that_do_not_follow_one_another_are_refused()
    {
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var first = made.Squeeze(made.Recurrent("LSTM", "x", 4, 4)[0], 1);
        var second = made.Squeeze(made.Recurrent("LSTM", made.Graph.Node("Add", [first, "x"]), 4, 3)[0], 1);
        var failure = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(second), "m.onnx"));
        Assert.Contains("operator Add", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classes in another order", "2 values for each sequence")]
    [InlineData("a class twice", "2 values for each sequence")]
    [InlineData("answers from the last step to the first", "2 values for each step")]
    [InlineData("the answer of the last step", "2 values for each step")]
    [InlineData("half of the units", "6 values for each step")]
    [InlineData("units in another order", "6 values for each step")]
    [InlineData("the last state", "6 values for each step")]
    [InlineData("steps from the last to the first", "6 values for each step")]
    [InlineData("directions as ONNX keeps them", "12 values for each step")]
    public void What_picks_or_rearranges_the_models_outputs_behind_it_makes_it_another_model(string change, string values)
    {
        var made = new ForeignGraph(13, DataType.Float, 3, "batch", 4);
        var graph = made.Graph;
        var states = made.Recurrent(
            "GRU",
            "x",
            4,
            6,
            change.StartsWith("directions", StringComparison.Ordinal) ? "bidirectional" : "forward",
            attributes: Attribute("linear_before_reset", 1));
        var output = change switch
        {
            "classes in another order" => Gather(Sequence(), 1, 1, 0),
            "a class twice" => Gather(Sequence(), 1, 1, 1),
            "answers from the last step to the first" => Gather(Steps(), 0, 2, 1, 0),
            "the answer of the last step" => Gather(Steps(), 0, 2),
            "half of the units" => made.Slice(All(), 0, 3, 2),
            "units in another order" => Gather(All(), 2, 1, 0, 2, 3, 4, 5),
            "the last state" => states[1],
            "steps from the last to the first" => Gather(All(), 0, 2, 1, 0),
            _ => states[0],
        };
        var failure = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(made.Bytes(output), "m.onnx"));
        Assert.StartsWith(
            $"m.onnx: output '{output}': it is not all that the last layer gives, in order: {values}.", failure.Message, StringComparison.Ordinal);

        string All() => made.Squeeze(states[0], 1);
        string Sequence() => made.Linear(made.Squeeze(states[1], 0), 6, 2);
        string Steps() => graph.Node("Add", [graph.Node("MatMul", [All(), made.Weights(6, 2)]), made.Weights(2)]);
        string Gather(string value, long axis, params long[] places) => graph.Node("Gather", [value, graph.Integers(places)], Attribute("axis", axis));
    }

    [Fact]
    public void Outputs_may_have_sequences_first_and_lose_an_axis_of_one()
    {
        var transposed = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var states = transposed.Squeeze(transposed.Recurrent("LSTM", "x", 4, 6)[0], 1);
        Assert.Equal(
            new HeadStructure(HeadKind.None), OnnxModelFile.Read(transposed.Bytes(transposed.Transpose(states, 1, 0, 2)), "m.onnx").Document.Structure.Head);

        var answers = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var all = answers.Graph.Node("MatMul", [answers.Squeeze(answers.Recurrent("LSTM", "x", 4, 6)[0], 1), answers.Weights(6, 2)]);
        Assert.Equal(new HeadStructure(HeadKind.Step, 2), OnnxModelFile.Read(answers.Bytes(answers.Transpose(all, 1, 0, 2)), "m.onnx").Document.Structure.Head);

        var single = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var answer = single.Linear(single.Squeeze(single.Recurrent("LSTM", "x", 4, 6)[1], 0), 6, 1);
        Assert.Equal(new HeadStructure(HeadKind.Sequence, 1), OnnxModelFile.Read(single.Bytes(single.Squeeze(answer, 1)), "m.onnx").Document.Structure.Head);
    }

    private static ExchangedModel AssertAgrees(byte[] bytes, bool batchFirst, int tokens = 0)
    {
        var model = OnnxModelFile.Read(bytes, "m.onnx");
        Assert.Equal(batchFirst, model.BatchFirst);
        var random = new Random(3);
        var input = tokens > 0 ? new NumericArray([6, 2], Enumerable.Range(0, 12).Select(_ => (long)random.Next(tokens)).ToArray())
            : batchFirst ? Input(2, 6, 4)
            : Input(6, 2, 4);
        var expected = Peer.Run(bytes, ("x", input))[0];
        AssertNear(expected, Evaluate(bytes, input));
        AssertNear(expected, SequenceRun.Run(model.Document, input, batchFirst, lastOnly: false));
        return model;
    }

    private static NumericArray Evaluate(byte[] bytes, NumericArray input) =>
        new GraphRunner(OnnxFile.Read(bytes, "m.onnx"), 1 << 20).Run(new Dictionary<string, NumericArray> { ["x"] = input })[0];

    private static NumericArray Input(params int[] shape)
    {
        var random = new Random(2);
        return new NumericArray(
            shape, Enumerable.Range(0, shape.Aggregate(1, (one, other) => one * other)).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray());
    }

    private static void AssertNear(NumericArray expected, NumericArray found)
    {
        Assert.Equal(expected.Shape, found.Shape);
        var scale = expected.ToFloats().Max(MathF.Abs);
        Assert.All(expected.ToFloats().Zip(found.ToFloats()), pair => Assert.InRange(Math.Abs((double)pair.First - pair.Second), 0, 1e-5 * scale));
    }
}
