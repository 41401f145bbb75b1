using Fleet.Domain.Recipes;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Training.Arithmetic;
using Fleet.Training.Calibration;
using Fleet.Training.Networks;
using Fleet.Training.Runs;
using Fleet.Training.Tests.Networks;

namespace Fleet.Training.Tests.Runs;

public sealed unsafe class LanguageRunTests
{
    private const int Vocabulary = 23;

    private static readonly string[] Words = [.. Enumerable.Range(0, Vocabulary).Select(token => $"word {token}")];
    private static readonly int[] Training = SmallNetworks.Text(6000, Vocabulary);
    private static readonly int[] Validation = SmallNetworks.Text(1500, Vocabulary, seed: 8);

    [Fact]
    public void A_text_that_can_be_learnt_is_learnt()
    {
        using var run = new TrainingLoop(Plan(Recipe() with { Layers = 2 }), threads: 2);

        var results = new List<EpochResult>();
        while (!run.IsDone)
        {
            results.Add(run.RunEpoch(CancellationToken.None));
        }

        // Four of five tokens follow from the one before: 0.5 + 0.2 ln 23 = 1.13 nats a token are left to chance; none learnt are 3.14.
        Assert.InRange(results[0].Loss, 2.5, 3.3);
        Assert.InRange(results[^1].Validation, 1.05, 1.35);
        Assert.InRange(results[^1].Loss, 1.0, 1.3);
    }

    [Theory]
    [InlineData("dense", 1)]
    [InlineData("pruned", 2)]
    public void Threads_and_interruptions_decide_no_weight(string method, double compression)
    {
        var plan = Plan(Recipe() with { Method = method, Compression = compression, Training = Recipe().Training with { Epochs = 3 } });
        using var one = new TrainingLoop(plan, threads: 1);
        using var two = new TrainingLoop(plan, threads: 2, BatchArithmetic<float>.Of(128));
        one.RunEpoch(CancellationToken.None);
        two.RunEpoch(CancellationToken.None);
        using var again = new TrainingLoop(plan, threads: 2);
        again.Restore(one.Capture());

        one.RunEpoch(CancellationToken.None);
        two.RunEpoch(CancellationToken.None);
        again.RunEpoch(CancellationToken.None);

        Assert.Equal(one.Network.Parameters.ToArray(), two.Network.Parameters.ToArray());
        Assert.Equal(one.Network.Parameters.ToArray(), again.Network.Parameters.ToArray());
    }

    [Fact]
    public void A_run_taken_up_in_the_middle_of_an_epoch_goes_on_with_what_its_streams_carried()
    {
        var plan = Plan(Recipe() with { Training = Recipe().Training with { Epochs = 1, Dropout = 0.2 } });
        using var straight = new TrainingLoop(plan, threads: 1);
        var expected = straight.RunEpoch(CancellationToken.None);
        using var first = new TrainingLoop(plan, threads: 1);
        var steps = 0;
        Assert.Null(first.RunEpoch(() => ++steps == 3, CancellationToken.None));
        var snapshot = first.Capture();
        Assert.Equal((0, 3L), (snapshot.Epoch, snapshot.Steps));
        Assert.Contains(snapshot.Carried, value => value != 0);

        using var second = new TrainingLoop(plan, threads: 2);
        second.Restore(snapshot);

        Assert.Equal(expected, second.RunEpoch(CancellationToken.None));
        Assert.Equal(straight.Network.Parameters.ToArray(), second.Network.Parameters.ToArray());
    }

    [Theory]
    [InlineData("lstm", "hmd", 1.5)]
    [InlineData("gru", "lmf", 1.5)]
    [InlineData("fastgrnn", "dense", 1)]
    public void A_model_that_was_written_read_and_run_gives_the_loss_of_the_network_that_was_trained(string cell, string method, double compression)
    {
        var recipe = Recipe() with { Cell = cell, Method = method, Compression = compression, Layers = 2, Training = Recipe().Training with { Epochs = 1 } };
        var plan = Plan(recipe);
        using var run = new TrainingLoop(plan, threads: 1);
        run.RunEpoch(CancellationToken.None);
        using var stream = new MemoryStream();
        ModelFile.Write(stream, ModelExportTests.Document(recipe, plan, run.Network));
        var model = SequenceModel.Create(ModelFile.Read(stream.ToArray(), "model"));
        Assert.Equal(plan.Structure, model.Structure);

        const int steps = 40;
        var text = new TokenStreams(Validation, Vocabulary, 1);
        using var microBatch = new NetworkMicroBatch<float>(run.Network, steps);
        using var state = new AlignedBuffer<float>(microBatch.StateSize);
        microBatch.Forward(text, 0, 0, steps, state.Pointer);
        var logits = new float[steps * Vocabulary];
        model.CreateRunner(steps).RunAll(Validation.AsSpan(0, steps), logits);

        var loss = 0.0;
        for (var step = 0; step < steps; step++)
        {
            var own = logits.AsSpan(step * Vocabulary, Vocabulary).ToArray();
            loss += Math.Log(own.Sum(logit => Math.Exp(logit))) - own[Validation[step + 1]];
        }

        Assert.Equal(loss / steps, microBatch.JudgeTokens() / steps, 1e-5);
    }

    [Fact]
    public void What_a_language_model_cannot_be_is_refused()
    {
        Refused("A bidirectional model would read the tokens", recipe => recipe with { Bidirectional = true });
        Refused("bptt is 0, but must be 1 to 10000.", recipe => recipe with { Training = recipe.Training with { Bptt = 0 } });
        Refused("embedding is 0, but must be 1 to 65535.", recipe => recipe with { Embedding = 0 });
        var message = Assert.Throws<ArgumentException>(() => TrainingPlan.Of(Recipe(), 1, TinyTask.Data, TinyTask.Labels)).Message;
        Assert.StartsWith("embedding and bptt are for tasks of tokens", message);
    }

    [Fact]
    public void A_language_model_begins_as_a_dense_one_of_its_vocabulary_and_of_no_other()
    {
        using var run = new TrainingLoop(Plan(Recipe()), threads: 2);
        for (var epoch = 0; epoch < 4; epoch++)
        {
            run.RunEpoch(CancellationToken.None);
        }

        var dense = ModelExportTests.Document(Recipe(), Plan(Recipe()), run.Network);
        dense = dense with { Metadata = dense.Metadata with { Labels = Words } };
        var recipe = Recipe() with { Method = "lmf", Compression = 1.5, From = "dense" };
        using var tuned = new TrainingLoop(Plan(recipe, dense), threads: 2);
        using var fresh = new TrainingLoop(Plan(recipe with { From = null }), threads: 2);

        Assert.True(tuned.RunEpoch(CancellationToken.None).Loss < fresh.RunEpoch(CancellationToken.None).Loss);
        string[] others = [.. Words[..^1], "another"];
        var refused = Assert.Throws<ArgumentException>(() => Plan(recipe, dense with { Metadata = dense.Metadata with { Labels = others } }));
        Assert.Equal("The dense model's class 22 is 'another', but the task's is 'word 22'.", refused.Message);
    }

    [Theory]
    [InlineData("dense", 1)]
    [InlineData("hmd", 1.5)]
    [InlineData("pruned", 1.5)]
    public void Quantised_a_language_model_is_judged_by_the_int8_kernels_and_loses_little(string method, double compression)
    {
        var recipe = Recipe() with { Method = method, Compression = compression };
        var plan = Plan(recipe);
        using var run = new TrainingLoop(plan, threads: 2);
        var trained = Train(run);
        var document = ModelExportTests.Document(recipe, plan, run.Network);

        var quantised = PostTrainingQuantisation.Quantise(document, plan, threads: 2, CancellationToken.None);
        var nats = plan.Validate(SequenceModel.Create(quantised), CancellationToken.None);

        Assert.Equal(Precision.Int8, quantised.Structure.Precision);
        Assert.NotEqual(trained, nats);
        Assert.InRange(nats - trained, -0.02, 0.05);
        // What was seen of the text decided where rows are clipped.
        var plain = Quantiser.Quantise(document);
        Assert.Contains(quantised.Tensors, pair => !pair.Value.Data.Cast<object>().SequenceEqual(plain.Tensors[pair.Key].Data.Cast<object>()));
    }

    [Theory]
    [InlineData("dense", 1)]
    [InlineData("lmf", 1.5)]
    public void Trained_in_int8_a_language_model_is_what_the_int8_kernels_run(string method, double compression)
    {
        var recipe = Recipe() with { Method = method, Compression = compression };
        var plan = Plan(recipe with { Precision = Precisions.Int8, Quantisation = Quantisations.Aware });
        using var fp32 = new TrainingLoop(Plan(recipe), threads: 2);
        using var run = new TrainingLoop(plan, threads: 2);

        var (without, trained) = (Train(fp32), Train(run));

        var model = SequenceModel.Create(Quantiser.Quantise(ModelExportTests.Document(recipe, plan, run.Network)));
        Assert.Equal(trained, plan.Validate(model, CancellationToken.None));
        Assert.InRange(trained - without, -0.1, 0.1);
    }

    private static double Train(TrainingLoop run)
    {
        var validation = double.NaN;
        while (!run.IsDone)
        {
            validation = run.RunEpoch(CancellationToken.None).Validation;
        }

        return validation;
    }

    private static void Refused(string message, Func<Recipe, Recipe> change) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Plan(change(Recipe()))).Message);

    private static LanguagePlan Plan(Recipe recipe, ModelDocument? dense = null) => TrainingPlan.Of(recipe, seed: 1, Training, Validation, Words, dense);

    // Streams of two micro-batches, the second not full.
    private static Recipe Recipe() => new()
    {
        Cell = CellShape.Lstm,
        Hidden = 24,
        Embedding = 12,
        Method = "dense",
        Compression = 1,
        Training = new TrainingSettings { Epochs = 12, BatchSize = 40, LearningRate = 0.02, Dropout = 0.05, Bptt = 15 },
    };
}
