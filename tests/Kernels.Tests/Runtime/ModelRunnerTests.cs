using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Runtime;

public sealed class ModelRunnerTests
{
    private static readonly (string Method, double Compression, (string, string)[] Arguments)[] Methods =
    [
        ("dense", 1, []),
        ("hmd", 1.5, []),
        ("hmd", 1.7, []),
        ("hmd", 1.2, [("k", "1"), ("input", "compressed")]),
        ("hmd", 1.3, [("k", "3"), ("input", "compressed")]),
        ("lmf", 1.3, []),
        ("lmf", 1.4, [("shared", "true"), ("input", "compressed")]),
        ("lmf", 1.2, [("input", "compressed")]),
        ("pruned", 2, [("input", "compressed")]),
        ("pruned", 1.2, []),
        ("block-sparse", 2, [("input", "compressed")]),
        ("block-sparse", 1.5, [("height", "8")]),
        ("kronecker", 3, [("input", "compressed")]),
        ("kronecker", 4, [("input", "compressed")]),
        ("doped-kronecker", 2, [("dope", "20"), ("input", "compressed")]),
    ];

    // Odd on purpose: no size is a multiple of a vector; the last ones take every width of panel.
    private static readonly (int Input, int Hidden, int Classes)[] Shapes = [(7, 11, 2), (9, 64, 6), (10, 33, 12), (41, 29, 3), (5, 118, 17)];

    public static TheoryData<SimdLevel, string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<SimdLevel, string, int, int>();
            foreach (var level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
            {
                for (var method = 0; method < Methods.Length; method++)
                {
                    for (var shape = 0; shape < Shapes.Length; shape++)
                    {
                        cases.Add(level, Methods[method].Method, method, shape);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_vector_width_agrees_with_double_precision_step_by_step_and_by_window(SimdLevel level, string method, int methodIndex, int shapeIndex)
    {
        var document = Document(methodIndex, shapeIndex);
        Assert.Equal(method, document.Structure.Layers[0].Cells[0].Recurrent.Method);
        var (input, _, classes) = Shapes[shapeIndex];
        // More than the widest vector has lanes, and no multiple of a tile.
        const int steps = 19;
        var sequence = Sequence(steps * input, 3);
        // With one answer a step: of the sequence so far.
        var expected = new ReferenceModel(document with { Structure = document.Structure with { Head = new HeadStructure(HeadKind.Step, classes) } })
            .Run(sequence);
        var runner = SequenceModel.Create(document, level).CreateRunner(steps);
        var window = SequenceModel.Create(document, level).CreateRunner(steps);
        var logits = new float[classes];
        for (var step = 0; step < steps; step++)
        {
            runner.Step(sequence.AsSpan(step * input, input), logits);
            AssertClose(expected[step], logits);

            window.Window(sequence.AsSpan(0, (step + 1) * input), step + 1, logits);
            AssertClose(expected[step], logits);
        }
    }

    [Theory]
    [InlineData("dense", 1)]
    [InlineData("hmd", 3)]
    [InlineData("lmf", 3)]
    [InlineData("pruned", 3)]
    public void A_window_longer_than_one_turn_gives_what_its_steps_give(string method, double compression)
    {
        const int steps = 700;
        var document = RandomModel.Create(RandomModel.Structure(method, 6, 30, compression, ("input", method == "dense" ? "auto" : "dense")), 4, 5);
        var runner = SequenceModel.Create(document).CreateRunner(steps);
        var sequence = Sequence(steps * 6, 9);
        var (one, all) = (new float[4], new float[4]);
        for (var step = 0; step < steps; step++)
        {
            runner.Step(sequence.AsSpan(step * 6, 6), one);
        }

        runner.Window(sequence, steps, all);
        Assert.All(one.Zip(all), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Theory]
    [InlineData(HeadKind.Step, false)]
    [InlineData(HeadKind.Language, true)]
    public void The_answers_to_all_steps_of_a_long_window_are_those_of_its_steps(HeadKind kind, bool softmax)
    {
        // More rows than a part of the head has and no multiple of it; more steps than it takes in a turn.
        const int outputs = 700;
        const int steps = 130;
        var structure = new ModelStructure(
            null, Normalised: false, [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, 6, 30)))],
            new HeadStructure(kind, outputs, softmax));
        var document = RandomModel.Create(structure, 5);
        var sequence = Sequence(steps * 6, 9);
        foreach (var level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
        {
            var runner = SequenceModel.Create(document, level).CreateRunner(steps);
            var (one, all) = (new float[outputs], new float[steps * outputs]);
            runner.RunAll(sequence, steps, all);
            runner.Reset();
            for (var step = 0; step < steps; step++)
            {
                runner.Step(sequence.AsSpan(step * 6, 6), one);
                AssertClose(Array.ConvertAll(one, value => (double)value), all.AsSpan(step * outputs, outputs));
            }
        }
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        for (var method = 0; method < Methods.Length; method++)
        {
            var runner = SequenceModel.Create(Document(method, 1)).CreateRunner(40);
            var sequence = Sequence(40 * 9, 1);
            var logits = new float[6];
            Assert.Equal(0, Allocations.Of(Run));

            void Run()
            {
                runner.Window(sequence, 40, logits);
                runner.Reset();
                runner.Step(sequence.AsSpan(0, 9), logits);
            }
        }
    }

    [Fact]
    public void Reset_forgets_and_a_window_begins_from_nothing()
    {
        var runner = SequenceModel.Create(Document(1, 1)).CreateRunner(20);
        var sequence = Sequence(20 * 9, 1);
        var (first, second, third) = (new float[6], new float[6], new float[6]);
        runner.Window(sequence, 20, first);
        runner.Window(sequence, 20, second);
        Assert.Equal(first, second);

        runner.Reset();
        runner.Step(sequence.AsSpan(0, 9), first);
        runner.Step(sequence.AsSpan(0, 9), second);
        runner.Reset();
        runner.Step(sequence.AsSpan(0, 9), third);
        Assert.Equal(first, third);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Two_runners_of_one_model_do_not_see_each_other()
    {
        var model = SequenceModel.Create(Document(2, 1));
        var (one, other) = (model.CreateRunner(4), model.CreateRunner(4));
        var sequence = Sequence(4 * 9, 1);
        var (expected, logits) = (new float[6], new float[6]);
        one.Window(sequence, 4, expected);
        one.Reset();
        for (var step = 0; step < 4; step++)
        {
            one.Step(sequence.AsSpan(step * 9, 9), logits);
            other.Step(sequence.AsSpan(0, 9), new float[6]);
        }

        Assert.All(expected.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Not_a_number_in_the_input_shows_until_reset_and_leaves_nothing_behind()
    {
        for (var method = 0; method < Methods.Length; method++)
        {
            var runner = SequenceModel.Create(Document(method, 1)).CreateRunner(20);
            var sequence = Sequence(20 * 9, 1);
            var (clean, logits) = (new float[6], new float[6]);
            runner.Window(sequence, 20, clean);

            var spoilt = sequence.ToArray();
            spoilt.AsSpan(0, 9).Fill(float.NaN);
            runner.Window(spoilt, 20, logits);
            Assert.All(logits, logit => Assert.Equal(float.NaN, logit));
            runner.Window(sequence, 20, logits);
            Assert.Equal(clean, logits);
        }
    }

    [Fact]
    public void Inputs_of_wrong_length_are_refused_with_what_was_expected()
    {
        var runner = SequenceModel.Create(Document(0, 1)).CreateRunner(20);
        Assert.Contains("9", Assert.Throws<ArgumentException>(() => runner.Step(new float[8], new float[6])).Message);
        Assert.Contains("6", Assert.Throws<ArgumentException>(() => runner.Step(new float[9], new float[7])).Message);
        Assert.Contains("18", Assert.Throws<ArgumentException>(() => runner.Window(new float[19], 2, new float[6])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Window(new float[0], 0, new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Window(new float[21 * 9], 21, new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceModel.Create(Document(0, 1)).CreateRunner(0));
    }

    [Fact]
    public void Counts_are_those_of_the_stored_model()
    {
        var document = Document(0, 1);
        var model = SequenceModel.Create(document);
        // 4 * 64 * (9 + 64) weights, 4 * 64 biases, and a head of 6 * 64 + 6.
        Assert.Equal(18688 + 256 + 390, model.Parameters);
        Assert.Equal(18688 + 384, model.MacsPerStep);
        Assert.InRange(model.ResidentBytes, 4 * model.Parameters, 5 * model.Parameters);
        Assert.Equal(
            model.Parameters,
            document.Tensors.Values.Where(tensor => !tensor.Name.StartsWith("normalisation", StringComparison.Ordinal))
                .Sum(tensor => (long)tensor.Data.Length));
    }

    internal static float[] Sequence(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((4 * random.NextDouble()) - 2))];
    }

    // Relative to the size of the logits: one that happens to be near zero has no digits of its own.
    internal static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        var size = Math.Max(expected.Max(Math.Abs), 0.1);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual.ToArray()), pair => Assert.InRange(pair.Second, pair.First - (1e-5 * size), pair.First + (1e-5 * size)));
    }

    private static ModelDocument Document(int methodIndex, int shapeIndex)
    {
        var (method, compression, arguments) = Methods[methodIndex];
        var (input, hidden, classes) = Shapes[shapeIndex];
        return RandomModel.Create(RandomModel.Structure(method, input, hidden, compression, arguments), classes, 1 + shapeIndex);
    }
}
