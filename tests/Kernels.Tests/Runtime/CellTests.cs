using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>Every cell, by method, direction and vector width, against its formula in double precision.</summary>
public sealed class CellTests
{
    private const int Input = 6;
    private const int Hidden = 21;
    private const int Steps = 11;

    private static readonly (string Name, CellShape Shape)[] Cells =
    [
        ("lstm", new(CellShape.Lstm, Input, Hidden)),
        ("lstm peepholes", new(CellShape.Lstm, Input, Hidden) { Peepholes = true }),
        ("gru", new(CellShape.Gru, Input, Hidden)),
        ("gru reset before", new(CellShape.Gru, Input, Hidden) { ResetBefore = true }),
        ("rnn", new(CellShape.Rnn, Input, Hidden)),
        ("rnn relu", new(CellShape.Rnn, Input, Hidden) { Relu = true }),
        ("fastgrnn", new(CellShape.FastGrnn, Input, Hidden)),
    ];

    private static readonly (string Name, string Method, double Compression, (string, string)[] Arguments)[] Methods =
    [
        ("dense", "dense", 1, []),
        ("hmd", "hmd", 1.6, [("input", "compressed")]),
        ("lmf", "lmf", 1.3, []),
        ("lmf shared", "lmf", 1.3, [("shared", "true"), ("input", "compressed")]),
        ("pruned", "pruned", 2, [("input", "compressed")]),
        ("block-sparse 4x1", "block-sparse", 2, [("input", "compressed")]),
        ("block-sparse 8x1", "block-sparse", 2, [("input", "compressed"), ("height", "8")]),
        ("kronecker", "kronecker", 4, [("input", "compressed")]),
        ("doped-kronecker", "doped-kronecker", 2, [("input", "compressed")]),
    ];

    internal static IEnumerable<string> MethodNames => Methods.Select(method => method.Name);

    /// <summary>A cell of the cases.</summary>
    internal static CellStructure Structure(string cell, string method)
    {
        var (_, name, compression, arguments) = Methods.Single(known => known.Name == method);
        return RandomModel.Structure(Cells.Single(known => known.Name == cell).Shape, name, compression, arguments);
    }

    public static TheoryData<string, string, LayerDirection, SimdLevel> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, LayerDirection, SimdLevel>();
            foreach (var cell in Cells)
            {
                foreach (var method in Methods)
                {
                    foreach (var direction in Enum.GetValues<LayerDirection>())
                    {
                        foreach (var level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
                        {
                            cases.Add(cell.Name, method.Name, direction, level);
                        }
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_cell_agrees_with_double_precision(string cell, string method, LayerDirection direction, SimdLevel level)
    {
        var weights = Structure(cell, method);
        var layer = new LayerStructure(direction, direction == LayerDirection.Bidirectional ? [weights, weights] : [weights]);
        Agrees(new ModelStructure(null, Normalised: false, [layer], new HeadStructure(HeadKind.None)), level);
        Agrees(new ModelStructure(null, Normalised: true, [layer], new HeadStructure(HeadKind.Sequence, 5)), level);
    }

    [Theory]
    [InlineData(LayerDirection.Forward)]
    [InlineData(LayerDirection.Reverse)]
    [InlineData(LayerDirection.Bidirectional)]
    public void Layers_upon_layers_and_every_head_agree_with_double_precision(LayerDirection direction)
    {
        HeadStructure[] heads =
            [new(HeadKind.None), new(HeadKind.Sequence, 3, Softmax: true), new(HeadKind.Step, 7), new(HeadKind.Language, 700, Softmax: true)];
        foreach (var head in heads)
        {
            var layers = new LayerStructure[3];
            var width = Input;
            for (var index = 0; index < layers.Length; index++)
            {
                var cell = CellStructure.Dense(new CellShape(index == 1 ? CellShape.Gru : CellShape.Lstm, width, 10 + index));
                layers[index] = new LayerStructure(direction, direction == LayerDirection.Bidirectional ? [cell, cell] : [cell]);
                width = layers[index].Outputs;
            }

            Agrees(new ModelStructure(null, Normalised: true, layers, head), SimdLevels.Best);
        }
    }

    [Fact]
    public void Tokens_are_read_through_the_embedding()
    {
        var structure = new ModelStructure(
            new EmbeddingStructure(30, Input), Normalised: false, [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, Input, Hidden)))],
            new HeadStructure(HeadKind.Language, 30));
        var document = RandomModel.Create(structure, 4);
        int[] tokens = [3, 0, 29, 7, 7];
        var expected = new ReferenceModel(document).Run(Array.ConvertAll(tokens, token => (float)token));
        var runner = SequenceModel.Create(document).CreateRunner(tokens.Length);
        var (all, one) = (new float[tokens.Length * 30], new float[30]);
        runner.RunAll(tokens, all);
        runner.Reset();
        for (var step = 0; step < tokens.Length; step++)
        {
            runner.Step(tokens[step], one);
            ModelRunnerTests.AssertClose(expected[step], one);
            ModelRunnerTests.AssertClose(expected[step], all.AsSpan(step * 30, 30));
        }

        runner.Reset();
        runner.Run(tokens, one);
        ModelRunnerTests.AssertClose(expected[^1], one);
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Step(30, one));
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Run([1, -1], one));
        Assert.Throws<InvalidOperationException>(() => runner.Step(new float[1], one));
    }

    [Fact]
    public void A_state_that_was_read_and_set_again_goes_on_where_it_was()
    {
        var layer = new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, Input, Hidden)));
        var document = RandomModel.Create(new ModelStructure(null, Normalised: false, [layer], new HeadStructure(HeadKind.None)), 4);
        var model = SequenceModel.Create(document);
        var (one, other) = (model.CreateRunner(4), model.CreateRunner(4));
        var sequence = ModelRunnerTests.Sequence(8 * Input, 1);
        var (expected, found) = (new float[Hidden], new float[Hidden]);
        one.Run(sequence.AsSpan(0, 4 * Input), 4, expected);
        one.Hidden(0).CopyTo(other.Hidden(0));
        one.Memory(0).CopyTo(other.Memory(0));
        one.Run(sequence.AsSpan(4 * Input), 4, expected);
        other.Run(sequence.AsSpan(4 * Input), 4, found);
        Assert.Equal(expected, found);
        Assert.Equal(expected, other.Hidden(0).ToArray());
        Assert.Throws<ArgumentException>(() => other.Hidden(0, reverse: true).Length);
    }

    [Fact]
    public void A_model_that_reads_from_the_end_cannot_go_step_by_step_and_a_head_for_sequences_has_no_steps()
    {
        var cell = CellStructure.Dense(new CellShape(CellShape.Gru, Input, Hidden));
        var both = new ModelStructure(
            null, Normalised: false, [new LayerStructure(LayerDirection.Bidirectional, [cell, cell])], new HeadStructure(HeadKind.Sequence, 2));
        var runner = SequenceModel.Create(RandomModel.Create(both, 1)).CreateRunner(3);
        Assert.Contains("both ends", Assert.Throws<InvalidOperationException>(() => runner.Step(new float[Input], new float[2])).Message);
        Assert.Contains("not its steps", Assert.Throws<InvalidOperationException>(() => runner.RunAll(new float[3 * Input], 3, new float[6])).Message);
        Assert.Contains("not tokens", Assert.Throws<InvalidOperationException>(() => runner.Run([1], new float[2])).Message);
    }

    private static void Agrees(ModelStructure structure, SimdLevel level)
    {
        var document = RandomModel.Create(structure, 7);
        var sequence = ModelRunnerTests.Sequence(Steps * Input, 5);
        var expected = new ReferenceModel(document).Run(sequence);
        var runner = SequenceModel.Create(document, level).CreateRunner(Steps);
        var output = new float[structure.Outputs];
        runner.Window(sequence, Steps, output);
        var last = structure.Head.Kind == HeadKind.None ? Ends(structure.Layers[^1], expected) : expected[^1];
        ModelRunnerTests.AssertClose(last, output);
        if (structure.AnswersEachStep)
        {
            var all = new float[Steps * structure.Outputs];
            runner.Reset();
            runner.RunAll(sequence, Steps, all);
            for (var step = 0; step < Steps; step++)
            {
                ModelRunnerTests.AssertClose(expected[step], all.AsSpan(step * structure.Outputs, structure.Outputs));
            }
        }

        if (structure.CanStream)
        {
            runner.Reset();
            for (var step = 0; step < Steps; step++)
            {
                runner.Step(sequence.AsSpan(step * Input, Input), output);
            }

            ModelRunnerTests.AssertClose(last, output);
        }
    }

    // Each direction's output at the last step that it reads.
    private static double[] Ends(LayerStructure layer, double[][] outputs) =>
    [
        .. Enumerable.Range(0, layer.Cells.Count).SelectMany(place =>
            outputs[layer.IsReverse(place) ? 0 : outputs.Length - 1].Skip(place * layer.Shape.Hidden).Take(layer.Shape.Hidden)),
    ];
}
