using Fleet.Domain.Recipes;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;
using Fleet.Training.Runs;

namespace Fleet.Training.Tests.Runs;

public sealed class TrainingLoopTests
{
    public static TheoryData<string, double> Methods => TinyTask.Methods;

    public static TheoryData<string, int, bool> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, bool>();
            foreach (var cell in CellNames.All)
            {
                data.Add(cell, 1, false);
                data.Add(cell, 2, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_task_that_can_be_learnt_is_learnt(string method, double compression)
    {
        using var run = new TrainingLoop(TinyTask.Plan(method, compression, epochs: 40), threads: 2);

        var results = new List<EpochResult>();
        while (!run.IsDone)
        {
            results.Add(run.RunEpoch(CancellationToken.None));
        }

        Assert.Equal(Enumerable.Range(1, 40), results.Select(result => result.Epoch));
        Assert.True(results[^1].Validation > 0.9, $"{method}: {results[^1]}");
        Assert.True(results[^1].Loss < results[0].Loss / 3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Threads_and_vector_widths_decide_how_fast_never_which_weights(string method, double compression)
    {
        var one = Parameters(method, compression, threads: 1, BatchArithmetic<float>.Best);

        Assert.Equal(one, Parameters(method, compression, threads: 2, BatchArithmetic<float>.Best));
        Assert.Equal(one, Parameters(method, compression, threads: 7, BatchArithmetic<float>.Of(128)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_learns_and_with_dropout_too_threads_decide_no_weight(string cell, int layers, bool bidirectional)
    {
        var recipe = TinyTask.Recipe("dense", 1, epochs: 15) with { Cell = cell, Layers = layers, Bidirectional = bidirectional };
        var plan = TrainingPlan.Of(recipe with { Training = recipe.Training with { Dropout = 0.2 } }, 1, TinyTask.Data, TinyTask.Labels);
        using var one = new TrainingLoop(plan, threads: 1);
        using var two = new TrainingLoop(plan, threads: 2, BatchArithmetic<float>.Of(128));

        var first = one.RunEpoch(CancellationToken.None);
        two.RunEpoch(CancellationToken.None);
        Assert.Equal(one.Network.Parameters.ToArray(), two.Network.Parameters.ToArray());

        var last = first;
        while (!one.IsDone)
        {
            last = one.RunEpoch(CancellationToken.None);
        }

        Assert.True(last.Loss < first.Loss / 2, $"{cell}: {first} to {last}");
        Assert.True(last.Validation > 0.75, $"{cell}: {first} to {last}");
    }

    [Fact]
    public void Dropout_is_drawn_anew_for_every_step_and_sample()
    {
        var recipe = TinyTask.Recipe("dense", 1) with { Training = new TrainingSettings { Epochs = 1, BatchSize = 48, Dropout = 0.5 } };
        using var run = new TrainingLoop(TrainingPlan.Of(recipe, 1, TinyTask.Data, TinyTask.Labels), threads: 1);
        var data = new Sequences<float>(
            TinyTask.Steps,
            TinyTask.Features,
            [.. Enumerable.Range(0, 2 * TinyTask.Steps * TinyTask.Features).Select(index => 0.01f * (index % (TinyTask.Steps * TinyTask.Features)))],
            [0, 0]);
        using var microBatch = new NetworkMicroBatch<float>(run.Network, TinyTask.Steps);

        var (first, second) = Run(step: 0);
        var (again, _) = Run(step: 0);
        var (next, _) = Run(step: 1);

        // Two samples of the same values.
        Assert.NotEqual(first, second);
        Assert.Equal(first, again);
        Assert.NotEqual(first, next);

        (float, float) Run(long step)
        {
            microBatch.Forward(data, [0, 1], new DropoutKey(0.5, 1, step));
            return (microBatch.Logits[0], microBatch.Logits[1]);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_run_taken_up_at_any_epoch_ends_with_the_very_same_weights(string method, double compression)
    {
        const int epochs = 5;
        var straight = Parameters(method, compression, threads: 1, BatchArithmetic<float>.Best, epochs);
        for (var interruption = 0; interruption < epochs; interruption++)
        {
            var plan = TinyTask.Plan(method, compression, epochs);
            using var first = new TrainingLoop(plan, threads: 1);
            Run(first, interruption);
            using var second = new TrainingLoop(plan, threads: 1);
            second.Restore(first.Capture());
            Run(second, epochs - interruption);

            Assert.Equal(straight, second.Network.Parameters.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_run_taken_up_after_any_step_ends_with_the_very_same_weights_and_losses(string method, double compression)
    {
        var plan = TinyTask.Plan(method, compression, epochs: 2);
        using var straight = new TrainingLoop(plan, threads: 1);
        EpochResult[] expected = [straight.RunEpoch(CancellationToken.None), straight.RunEpoch(CancellationToken.None)];
        var run = new TrainingLoop(plan, threads: 1);
        var results = new List<EpochResult>();
        var parts = 0;
        while (!run.IsDone)
        {
            if (run.RunEpoch(() => true, CancellationToken.None) is { } result)
            {
                results.Add(result);
            }

            parts++;
            var next = new TrainingLoop(plan, threads: 2);
            next.Restore(run.Capture());
            run.Dispose();
            run = next;
        }

        Assert.Equal(plan.TotalSteps, parts);
        Assert.Equal(expected, results);
        Assert.Equal(straight.Network.Parameters.ToArray(), run.Network.Parameters.ToArray());
        run.Dispose();
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        using var one = new TrainingLoop(TinyTask.Plan("dense", 1, seed: 1), threads: 1);
        using var two = new TrainingLoop(TinyTask.Plan("dense", 1, seed: 2), threads: 1);

        Assert.NotEqual(one.Network.Parameters.ToArray(), two.Network.Parameters.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Pruning_ends_with_exactly_the_structures_weights_however_few_epochs_there_are(int epochs)
    {
        var plan = TinyTask.Plan("pruned", 3, epochs);
        using var run = new TrainingLoop(plan, threads: 1);
        Assert.False(run.HasFinalStructure);

        Run(run, epochs);

        var target = ((PrunedStructure)plan.Structure.Layers[0].Cells[0].Recurrent).NonZeros;
        Assert.True(run.HasFinalStructure);
        Assert.Equal(target, run.Network.Layers[0][0].Recurrent.Matrix.Pruning!.KeptCount);
        var recurrent = run.Network.Parameters[run.Network.Layers[0][0].Recurrent.Range].ToArray();
        Assert.InRange(recurrent.Count(weight => weight != 0), target - 2, target);
    }

    [Fact]
    public void Running_off_ends_with_what_to_change_and_leaves_the_weights_as_they_were()
    {
        var recipe = TinyTask.Recipe("dense", 1, learningRate: 1e38);
        using var run = new TrainingLoop(TrainingPlan.Of(recipe, 1, TinyTask.Data, TinyTask.Labels), threads: 1);

        var diverged = Assert.Throws<TrainingDivergedException>(() => Run(run, 12));

        Assert.Contains("Training diverged in epoch", diverged.Message);
        Assert.Contains("Lower learning_rate (now 1E+38)", diverged.Message);
    }

    [Fact]
    public void A_cancelled_epoch_ends_before_its_next_micro_batch()
    {
        using var run = new TrainingLoop(TinyTask.Plan("dense", 1), threads: 1);

        Assert.Throws<OperationCanceledException>(() => run.RunEpoch(new CancellationToken(canceled: true)));

        Assert.Equal(0, run.Capture().Steps);
    }

    [Fact]
    public void A_snapshot_of_another_network_is_refused()
    {
        using var dense = new TrainingLoop(TinyTask.Plan("dense", 1), threads: 1);
        using var low = new TrainingLoop(TinyTask.Plan("lmf", 2), threads: 1);
        using var pruned = new TrainingLoop(TinyTask.Plan("pruned", 3), threads: 1);

        Assert.Throws<ArgumentException>(() => dense.Restore(low.Capture()));
        // As many parameters, but no mask.
        Assert.Throws<ArgumentException>(() => pruned.Restore(dense.Capture()));
        Assert.Throws<ArgumentException>(() => dense.Restore(dense.Capture() with { Epoch = 3 }));
        // More steps than an epoch has, a step beyond the last epoch, and a state where none is carried.
        Assert.Throws<ArgumentException>(() => dense.Restore(dense.Capture() with { Steps = 1000 }));
        Assert.Throws<ArgumentException>(() => dense.Restore(dense.Capture() with { Epoch = 12, Steps = (12 * 4) + 1 }));
        Assert.Throws<ArgumentException>(() => dense.Restore(dense.Capture() with { Carried = [1] }));
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_with_what_can()
    {
        Refused("Unknown method 'hdm'. Known methods: dense, hmd, lmf, pruned, block-sparse, kronecker, doped-kronecker, small.", recipe =>
            recipe with { Method = "hdm" });
        Refused("Cell 'ltsm' cannot be trained. Known cells: lstm, gru, gru-reset-before, rnn, rnn-relu, fastgrnn.", recipe => recipe with { Cell = "ltsm" });
        Refused("layers is 0, but must be 1 to 16.", recipe => recipe with { Layers = 0 });
        Refused("dropout is 1, but must be 0 to 0.9.", recipe => recipe with { Training = recipe.Training with { Dropout = 1 } });
        Refused("Unknown precision 'int4'. Known precisions: fp32, int8.", recipe => recipe with { Precision = "int4" });
        Refused("The recipe refers to a trained fp32 model, and none is given.", recipe => recipe with { Precision = "int8" });
        Refused("The recipe's quantisation is 'awry' and its precision int8. Known for int8: after, aware.", recipe =>
            recipe with { Precision = "int8", Quantisation = "awry" });
        Refused("The recipe's quantisation is 'aware' and its precision fp32. Known for int8: after, aware.", recipe => recipe with { Quantisation = "aware" });
        Refused("epochs is 0, but must be 1 to 100000.", recipe => recipe with { Training = recipe.Training with { Epochs = 0 } });
        Refused(
            "learning_rate is NaN, but must be a positive number.", recipe => recipe with { Training = recipe.Training with { LearningRate = double.NaN } });
        Refused("hidden is 0, but must be 1 to 65535.", recipe => recipe with { Hidden = 0 });
        var range = Assert.Throws<CompressionRangeException>(() => TinyTask.Plan("hmd", 1000));
        Assert.Contains("the maximum", range.Message);
    }

    private static void Refused(string message, Func<Recipe, Recipe> change) => Assert.Equal(
        message,
        Assert.Throws<ArgumentException>(() => TrainingPlan.Of(change(TinyTask.Recipe("dense", 1)), 1, TinyTask.Data, TinyTask.Labels)).Message);

    private static float[] Parameters(string method, double compression, int threads, BatchArithmetic<float> arithmetic, int epochs = 3)
    {
        using var run = new TrainingLoop(TinyTask.Plan(method, compression, epochs), threads, arithmetic);
        Run(run, epochs);
        return run.Network.Parameters.ToArray();
    }

    private static void Run(TrainingLoop run, int epochs)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            run.RunEpoch(CancellationToken.None);
        }
    }
}
