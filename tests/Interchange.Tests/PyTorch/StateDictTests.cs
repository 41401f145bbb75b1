using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Tests.PyTorch;

/// <summary>State dicts against PyTorch's own formulas, written out in double precision.</summary>
public sealed class StateDictTests
{
    private const int Steps = 5;

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(1, true)]
    public void Two_layers_of_any_cell_give_what_PyTorch_documents(int gates, bool bidirectional)
    {
        var tensors = StateDictSeeds.Tensors("encoder.rnn.", gates, layers: 2, input: 3, hidden: 4, bidirectional);
        var model = Read(tensors, new StateDictHints("tanh"));
        var random = new Random(1);
        var x = Enumerable.Range(0, Steps).Select(_ => Enumerable.Range(0, 3).Select(_ => (random.NextDouble() * 2) - 1).ToArray()).ToArray();
        var expected = x;
        for (var layer = 0; layer < 2; layer++)
        {
            var forward = Direction(tensors, $"_l{layer}", gates, expected);
            expected = !bidirectional
                ? forward
                : [.. forward.Zip(Direction(tensors, $"_l{layer}_reverse", gates, [.. expected.Reverse()]).Reverse(), (one, other) =>
                    one.Concat(other).ToArray())];
        }

        var found = SequenceRun.Run(
            model, new NumericArray([Steps, 1, 3], x.SelectMany(row => row).Select(value => (float)value).ToArray()), batchFirst: false, lastOnly: false);
        Assert.All(expected.SelectMany(row => row).Zip(found.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void An_embedding_and_a_linear_layer_are_found_by_their_shapes()
    {
        var model = Read(StateDictSeeds.Tensors("lstm.", 4, 1, 3, 4, bidirectional: true, ("words.weight", [7, 3]), ("fc.weight", [2, 8]), ("fc.bias", [2])));
        Assert.Equal(new EmbeddingStructure(7, 3), model.Structure.Embedding);
        Assert.Equal(new HeadStructure(HeadKind.Sequence, 2), model.Structure.Head);
    }

    [Fact]
    public void A_linear_layer_over_the_vocabulary_is_a_language_models()
    {
        var model = Read(
            StateDictSeeds.Tensors("lstm.", 4, 1, 4, 4, bidirectional: false, ("words.weight", [7, 4]), ("decoder.weight", [7, 4]), ("decoder.bias", [7])));
        Assert.Equal(new HeadStructure(HeadKind.Language, 7), model.Structure.Head);
    }

    [Fact]
    public void Which_steps_are_answered_can_be_told() => Assert.Equal(
        HeadKind.Step,
        Read(
            StateDictSeeds.Tensors("", 4, 1, 3, 4, bidirectional: false, ("fc.weight", [2, 4]), ("fc.bias", [2])),
            new StateDictHints(PerStep: true)).Structure.Head.Kind);

    [Fact]
    public void A_plain_RNN_needs_to_be_told_its_nonlinearity()
    {
        var tensors = StateDictSeeds.Tensors("rnn.", 1, 1, 3, 4, bidirectional: false);
        Assert.Contains("--nonlinearity relu", Failure(tensors), StringComparison.Ordinal);
        Assert.True(Read(tensors, new StateDictHints("relu")).Structure.Layers[0].Shape.Relu);
    }

    [Fact]
    public void What_could_be_two_things_asks_for_a_flag()
    {
        var tensors = StateDictSeeds.Tensors(
            "", 4, 1, 3, 4, bidirectional: false, ("a.weight", [2, 4]), ("a.bias", [2]), ("b.weight", [3, 4]), ("b.bias", [3]));
        Assert.Contains("--head NAME", Failure(tensors), StringComparison.Ordinal);
        Assert.Contains("a.weight, b.weight", Failure(tensors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("words")]
    [InlineData("words.weight")]
    public void A_tensor_that_could_be_embedding_or_head_asks_which_and_is_what_it_is_told_to_be(string name)
    {
        var tensors = StateDictSeeds.Tensors("lstm.", 4, 1, 4, 4, bidirectional: false, ("words.weight", [7, 4]));
        Assert.Contains("--embedding NAME, or --head NAME", Failure(tensors), StringComparison.Ordinal);
        Assert.Contains("words.weight could be", Failure(tensors), StringComparison.Ordinal);
        var embedded = Read(tensors, new StateDictHints(Embedding: name)).Structure;
        Assert.Equal((new EmbeddingStructure(7, 4), HeadKind.None), (embedded.Embedding, embedded.Head.Kind));
        var answering = Read(tensors, new StateDictHints(Head: name)).Structure;
        Assert.Equal((null, new HeadStructure(HeadKind.Sequence, 7)), (answering.Embedding, answering.Head));
    }

    [Fact]
    public void Of_two_tensors_without_a_bias_the_embedding_is_told_and_the_other_one_is_the_head()
    {
        var tensors = StateDictSeeds.Tensors("lstm.", 4, 1, 4, 4, bidirectional: false, ("decoder.weight", [7, 4]), ("words.weight", [7, 4]));
        Assert.Contains("decoder.weight, words.weight could be", Failure(tensors), StringComparison.Ordinal);
        var model = Read(tensors, new StateDictHints(Embedding: "words"));
        Assert.Equal((new EmbeddingStructure(7, 4), new HeadStructure(HeadKind.Language, 7)), (model.Structure.Embedding, model.Structure.Head));
        Assert.Equal(tensors.Single(tensor => tensor.Name == "words.weight").Floats, model.Tensors[ModelDocument.Embedding].Floats);
        var other = Read(tensors, new StateDictHints(Head: "words"));
        Assert.Equal(tensors.Single(tensor => tensor.Name == "decoder.weight").Floats, other.Tensors[ModelDocument.Embedding].Floats);
    }

    [Fact]
    public void A_tensor_of_another_layer_is_named() => Assert.Contains(
        "tensor 'conv.kernel'",
        Failure(StateDictSeeds.Tensors("lstm.", 4, 1, 3, 4, bidirectional: false, ("conv.kernel", [2, 9, 9]))),
        StringComparison.Ordinal);

    [Fact]
    public void Two_recurrent_modules_are_refused_by_name()
    {
        var both = StateDictSeeds.Tensors("first.", 4, 1, 3, 4, bidirectional: false)
            .Concat(StateDictSeeds.Tensors("second.", 4, 1, 4, 4, bidirectional: false)).ToArray();
        Assert.Contains("'first', 'second'", Failure(both), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_is_named() => Assert.Contains(
        "tensor 'lstm.weight_ih_l1'",
        Failure([.. StateDictSeeds.Tensors("lstm.", 4, 2, 3, 4, bidirectional: false).Where(tensor => tensor.Name != "lstm.weight_ih_l1")]),
        StringComparison.Ordinal);

    private static string Failure(IReadOnlyList<Tensor> tensors) => Assert.Throws<FileFormatException>(() => Read(tensors)).Message;

    private static ModelDocument Read(IReadOnlyList<Tensor> tensors, StateDictHints? hints = null) =>
        NetworkDocument.Create(
            StateDict.Read(SafetensorsFile.Read(StateDictSeeds.Bytes(tensors), "dict"), "dict", hints ?? new StateDictHints()), "pytorch", "dict");

    private static double[][] Direction(IReadOnlyList<Tensor> tensors, string suffix, int gates, double[][] x)
    {
        var h = new double[4];
        var c = new double[4];
        var outputs = new List<double[]>();
        foreach (var step in x)
        {
            var fromInput = Gates("weight_ih", "bias_ih", step);
            var fromState = Gates("weight_hh", "bias_hh", h);
            var next = new double[4];
            for (var unit = 0; unit < 4; unit++)
            {
                switch (gates)
                {
                    case 4:
                        c[unit] = (Sigmoid(Sum(1, unit)) * c[unit]) + (Sigmoid(Sum(0, unit)) * Math.Tanh(Sum(2, unit)));
                        next[unit] = Sigmoid(Sum(3, unit)) * Math.Tanh(c[unit]);
                        break;
                    case 3:
                        var update = Sigmoid(Sum(1, unit));
                        var candidate = Math.Tanh(fromInput[8 + unit] + (Sigmoid(Sum(0, unit)) * fromState[8 + unit]));
                        next[unit] = ((1 - update) * candidate) + (update * h[unit]);
                        break;
                    default:
                        next[unit] = Math.Tanh(Sum(0, unit));
                        break;
                }
            }

            h = next;
            outputs.Add(h);

            double Sum(int gate, int unit) => fromInput[(gate * 4) + unit] + fromState[(gate * 4) + unit];
        }

        return [.. outputs];

        double[] Gates(string weight, string bias, double[] operand)
        {
            var (w, b) = (Find(weight), Find(bias));
            return [.. Enumerable.Range(0, gates * 4).Select(row =>
                b.Floats[row] + Enumerable.Range(0, operand.Length).Sum(column => (double)w.Floats[(row * operand.Length) + column] * operand[column]))];
        }

        Tensor Find(string name) => tensors.Single(tensor => tensor.Name == $"encoder.rnn.{name}{suffix}");
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
