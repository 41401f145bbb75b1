using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>Several sequences in lock-step against double precision, and in int8 against one after the other.</summary>
public sealed class BatchRunnerTests
{
    // No multiples of a vector or of a tile.
    private const int Steps = 9;
    private const int Sequences = 7;

    public static TheoryData<string, string, LayerDirection, SimdLevel> Cases => CellTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_cell_gives_what_double_precision_gives_for_each_sequence(string cell, string method, LayerDirection direction, SimdLevel level)
    {
        var weights = CellTests.Structure(cell, method);
        var layer = new LayerStructure(direction, direction == LayerDirection.Bidirectional ? [weights, weights] : [weights]);
        foreach (var head in (HeadStructure[])[new(HeadKind.None), new(HeadKind.Sequence, 5), new(HeadKind.Step, 4, Softmax: true)])
        {
            var structure = new ModelStructure(null, Normalised: head.Kind == HeadKind.Step, [layer], head);
            Agrees(RandomModel.Create(structure, 7), level);
        }
    }

    [Fact]
    public void Layers_upon_layers_give_what_double_precision_gives()
    {
        var (top, bottom) = (CellStructure.Dense(new CellShape(CellShape.Gru, 22, 9)), CellStructure.Dense(new CellShape(CellShape.Lstm, 6, 11)));
        var structure = new ModelStructure(
            null, Normalised: true, [new LayerStructure(LayerDirection.Bidirectional, [bottom, bottom]), new LayerStructure(top)],
            new HeadStructure(HeadKind.Sequence, 3));
        Agrees(RandomModel.Create(structure, 2), SimdLevels.Best);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("hmd")]
    [InlineData("lmf")]
    [InlineData("pruned")]
    [InlineData("block-sparse 4x1")]
    [InlineData("kronecker")]
    public void Int8_gives_what_one_sequence_after_the_other_gives(string method)
    {
        var structure = new ModelStructure(
            null, Normalised: false, [new LayerStructure(CellTests.Structure("lstm", method))], new HeadStructure(HeadKind.Sequence, 5));
        var model = SequenceModel.Create(Quantiser.Quantise(RandomModel.Create(structure, 7)));
        var x = Floats(Steps * Sequences * structure.Features);
        var (together, single) = (new float[Sequences * 5], new float[5]);
        model.CreateBatch(Sequences, Steps).Run(x, Steps, Sequences, eachStep: false, together);
        var runner = model.CreateRunner(Steps);
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            runner.Window(Sequence(x, sequence, structure.Features), Steps, single);
            // A state that rounds to another byte moves the outputs by as much as a step of the scale does.
            Assert.All(single.Zip(together[(sequence * 5)..]), pair => Assert.Equal(pair.First, pair.Second, 0.02f));
        }
    }

    [Fact]
    public void Tokens_are_read_through_the_embedding()
    {
        var structure = new ModelStructure(
            new EmbeddingStructure(30, 6), Normalised: false, [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, 6, 13)))],
            new HeadStructure(HeadKind.Language, 30));
        var document = RandomModel.Create(structure, 4);
        int[] tokens = [3, 29, 0, 7, 1, 7];
        var runner = SequenceModel.Create(document).CreateBatch(2, 3);
        var found = new float[tokens.Length * 30];
        runner.Run(tokens, 3, 2, eachStep: true, found);
        for (var sequence = 0; sequence < 2; sequence++)
        {
            var expected = new ReferenceModel(document).Run([tokens[sequence], tokens[2 + sequence], tokens[4 + sequence]]);
            for (var step = 0; step < 3; step++)
            {
                ModelRunnerTests.AssertClose(expected[step], found.AsSpan(((step * 2) + sequence) * 30, 30));
            }
        }

        Assert.Throws<InvalidOperationException>(() => runner.Run(new float[36], 3, 2, eachStep: true, found));
    }

    [Fact]
    public void Running_allocates_nothing_and_what_does_not_fit_is_refused()
    {
        var structure = new ModelStructure(
            null, Normalised: true, [new LayerStructure(CellTests.Structure("gru", "hmd"))], new HeadStructure(HeadKind.Sequence, 5));
        var runner = SequenceModel.Create(RandomModel.Create(structure, 7)).CreateBatch(Sequences, Steps);
        var x = Floats(Steps * Sequences * structure.Features);
        var output = new float[Sequences * 5];
        Assert.Equal(0, Allocations.Of(() => runner.Run(x, Steps, Sequences, eachStep: false, output)));

        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Run(x, Steps, Sequences + 1, eachStep: false, output));
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Run(x, Steps + 1, Sequences, eachStep: false, output));
        Assert.Throws<ArgumentException>(() => runner.Run(x, Steps - 1, Sequences, eachStep: false, output));
        Assert.Throws<ArgumentException>(() => runner.Run(x, Steps, Sequences, eachStep: false, output[1..]));
        Assert.Throws<InvalidOperationException>(() => runner.Run(x, Steps, Sequences, eachStep: true, output));
    }

    private static void Agrees(ModelDocument document, SimdLevel level)
    {
        var structure = document.Structure;
        var (features, outputs) = (structure.Features, structure.Outputs);
        var x = Floats(Steps * Sequences * features);
        // With room for more than are run.
        var runner = SequenceModel.Create(document, level).CreateBatch(Sequences + 2, Steps + 3);
        var last = new float[Sequences * outputs];
        runner.Run(x, Steps, Sequences, eachStep: false, last);
        var all = structure.AnswersEachStep ? new float[Steps * Sequences * outputs] : [];
        if (structure.AnswersEachStep)
        {
            runner.Run(x, Steps, Sequences, eachStep: true, all);
        }

        var alone = SequenceModel.Create(document, level).CreateRunner(Steps);
        var one = new float[outputs];
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            var read = Sequence(x, sequence, features);
            var expected = new ReferenceModel(document).Run(read);
            var found = last.AsSpan(sequence * outputs, outputs);
            if (!structure.AnswersEachStep)
            {
                ModelRunnerTests.AssertClose(expected[^1], found);
                continue;
            }

            for (var step = 0; step < Steps; step++)
            {
                ModelRunnerTests.AssertClose(expected[step], all.AsSpan(((step * Sequences) + sequence) * outputs, outputs));
            }

            // Which step is the last is not the same for both directions. Both are within 1e-5 of the truth, so that of each other they need not be.
            alone.Window(read, Steps, one);
            var bound = 4e-5 * Math.Max(1, one.Max(Math.Abs));
            Assert.All(one.Zip(found.ToArray()), pair => Assert.Equal(pair.First, pair.Second, bound));
        }
    }

    private static float[] Sequence(float[] x, int sequence, int features) =>
        [.. Enumerable.Range(0, Steps).SelectMany(step => x.Skip(((step * Sequences) + sequence) * features).Take(features))];

    private static float[] Floats(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
