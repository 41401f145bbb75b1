using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>Models in int8: every cell by method, direction and vector width.</summary>
public sealed class Int8ModelTests
{
    private const int Input = 6;
    private const int Hidden = 21;
    private const int Steps = 19;

    // What changes a vector by its seventh digit may change one of its bytes by one.
    private const double OneByte = 0.02;

    [Theory]
    [MemberData(nameof(CellTests.Cases), MemberType = typeof(CellTests))]
    public void Every_cell_agrees_with_its_definition_in_double_precision(string cell, string method, LayerDirection direction, SimdLevel level)
    {
        var weights = CellTests.Structure(cell, method);
        var layer = new LayerStructure(direction, direction == LayerDirection.Bidirectional ? [weights, weights] : [weights]);
        var document = Quantiser.Quantise(RandomModel.Create(new ModelStructure(null, Normalised: false, [layer], new HeadStructure(HeadKind.None)), 7));
        var sequence = ModelRunnerTests.Sequence(Steps * Input, 5);
        var all = new float[Steps * layer.Outputs];
        var runner = SequenceModel.Create(document, level).CreateRunner(Steps);
        runner.RunAll(sequence, Steps, all);

        // Each step from the state that the runner has left, so that both quantise the same numbers.
        var floats = Quantiser.Dequantise(document).Tensors;
        for (var place = 0; place < layer.Cells.Count; place++)
        {
            var prefix = ModelDocument.CellPrefix(0, layer.IsReverse(place));
            var reference = new ReferenceCell(weights, name => floats[prefix + name], Precision.Int8);
            var single = SequenceModel.Create(Forward(document, prefix, weights), level).CreateRunner(1);
            var output = new float[Hidden];
            for (var turn = 0; turn < Steps; turn++)
            {
                var step = layer.IsReverse(place) ? Steps - 1 - turn : turn;
                var x = sequence.AsSpan(step * Input, Input);
                reference.Set(single.Hidden(0), single.Memory(0));
                single.Step(x, output);
                ModelRunnerTests.AssertClose(reference.Step([.. x.ToArray().Select(value => (double)value)]), output);

                // And a window gives what single steps give, to the last bit.
                Assert.Equal(output, all.AsSpan((step * layer.Outputs) + (place * Hidden), Hidden).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(LayerDirection.Forward)]
    [InlineData(LayerDirection.Reverse)]
    [InlineData(LayerDirection.Bidirectional)]
    public void Whole_models_agree_with_their_definition_and_with_the_model_in_floats(LayerDirection direction)
    {
        foreach (var level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
        {
            HeadStructure[] heads = [new(HeadKind.None), new(HeadKind.Sequence, 3, Softmax: true), new(HeadKind.Step, 7), new(HeadKind.Language, 700)];
            foreach (var head in heads)
            {
                var lower = CellStructure.Dense(new CellShape(CellShape.Gru, Input, 33));
                var both = direction == LayerDirection.Bidirectional;
                var upper = RandomModel.Structure(new CellShape(CellShape.Lstm, both ? 66 : 33, 40), "hmd", 2);
                LayerStructure[] layers = [new(direction, both ? [lower, lower] : [lower]), new(direction, both ? [upper, upper] : [upper])];
                var floats = RandomModel.Create(new ModelStructure(null, Normalised: true, layers, head), 3);
                var document = Quantiser.Quantise(floats);
                var sequence = ModelRunnerTests.Sequence(Steps * Input, 5);
                var answers = head.Kind == HeadKind.Sequence ? 1 : Steps;
                var (int8, fp32) = (Run(document), Run(floats));
                AssertClose(new ReferenceModel(document).Run(sequence).SelectMany(row => row), int8, OneByte);
                AssertClose(fp32.Select(value => (double)value), int8, 0.08);

                float[] Run(ModelDocument model)
                {
                    var outputs = new float[answers * model.Structure.Outputs];
                    var runner = SequenceModel.Create(model, level).CreateRunner(Steps);
                    if (answers == 1)
                    {
                        runner.Window(sequence, Steps, outputs);
                    }
                    else
                    {
                        runner.RunAll(sequence, Steps, outputs);
                    }

                    return outputs;
                }
            }
        }
    }

    [Fact]
    public void Tokens_are_read_through_an_embedding_in_bytes()
    {
        var layer = new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, Input, Hidden)));
        var structure = new ModelStructure(new EmbeddingStructure(30, Input), Normalised: false, [layer], new HeadStructure(HeadKind.Language, 30));
        var document = Quantiser.Quantise(RandomModel.Create(structure, 4));
        int[] tokens = [3, 0, 29, 7, 7];
        var expected = new ReferenceModel(document).Run(Array.ConvertAll(tokens, token => (float)token));
        var runner = SequenceModel.Create(document).CreateRunner(tokens.Length);
        var (all, one) = (new float[tokens.Length * 30], new float[30]);
        runner.RunAll(tokens, all);
        AssertClose(expected.SelectMany(row => row), all, OneByte);
        runner.Reset();
        for (var step = 0; step < tokens.Length; step++)
        {
            runner.Step(tokens[step], one);
            Assert.Equal(all[(step * 30)..((step + 1) * 30)], one);
        }
    }

    [Fact]
    public void Running_allocates_nothing_and_what_is_no_number_shows_until_reset()
    {
        foreach (var method in CellTests.MethodNames)
        {
            var layer = new LayerStructure(CellTests.Structure("lstm", method));
            var document = Quantiser.Quantise(
                RandomModel.Create(new ModelStructure(null, Normalised: true, [layer], new HeadStructure(HeadKind.Sequence, 4)), 2));
            var runner = SequenceModel.Create(document).CreateRunner(Steps);
            var sequence = ModelRunnerTests.Sequence(Steps * Input, 1);
            var (clean, logits) = (new float[4], new float[4]);
            runner.Window(sequence, Steps, clean);
            Assert.Equal(0, Allocations.Of(() =>
            {
                runner.Window(sequence, Steps, logits);
                runner.Step(sequence.AsSpan(0, Input), logits);
            }));

            var spoilt = sequence.ToArray();
            spoilt[1] = float.NaN;
            runner.Window(spoilt, Steps, logits);
            Assert.All(logits, logit => Assert.Equal(float.NaN, logit));
            runner.Window(sequence, Steps, logits);
            Assert.Equal(clean, logits);
        }
    }

    [Fact]
    public void A_model_in_int8_takes_a_quarter_of_the_memory_and_counts_as_many_parameters()
    {
        var floats = RandomModel.Create(RandomModel.Structure("dense", 128, 256, 1), 6, 1);
        var int8 = Quantiser.Quantise(floats);
        var (large, small) = (SequenceModel.Create(floats), SequenceModel.Create(int8));
        Assert.Equal(large.Parameters, small.Parameters);
        Assert.Equal(large.MacsPerStep, small.MacsPerStep);
        // 4 * 256 * (128 + 256) + 6 * 256 weights; 2 * 4 * 256 + 6 scales; 4 * 256 + 6 biases; 2 * 128 of normalisation.
        Assert.Equal(394752 + (4 * (2054 + 1030 + 256)), int8.StoredBytes);
        Assert.InRange(small.ResidentBytes, int8.StoredBytes, 1.1 * int8.StoredBytes);
        Assert.InRange(small.ResidentBytes, 0.25 * large.ResidentBytes, 0.28 * large.ResidentBytes);
    }

    /// <summary>One direction of the first layer as a model that can be run step by step.</summary>
    private static ModelDocument Forward(ModelDocument document, string prefix, CellStructure cell)
    {
        var structure = new ModelStructure(
            null, Normalised: false, [new LayerStructure(cell)], new HeadStructure(HeadKind.None)) { Precision = Precision.Int8 };
        var forward = ModelDocument.CellPrefix(0, reverse: false);
        var tensors = document.Tensors.Values
            .Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(tensor => tensor with { Name = forward + tensor.Name[prefix.Length..] });
        return new ModelDocument(document.Metadata, structure, tensors.ToDictionary(tensor => tensor.Name));
    }

    private static void AssertClose(IEnumerable<double> expected, float[] actual, double tolerance)
    {
        var values = expected.ToArray();
        var size = Math.Max(values.Max(Math.Abs), 0.1);
        Assert.Equal(values.Length, actual.Length);
        Assert.All(values.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (tolerance * size), pair.First + (tolerance * size)));
    }
}
