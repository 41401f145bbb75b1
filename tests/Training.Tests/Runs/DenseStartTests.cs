using Fleet.Domain.Recipes;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Packs;
using Fleet.Training.Arithmetic;
using Fleet.Training.Compression;
using Fleet.Training.Networks;
using Fleet.Training.Runs;
using Fleet.Training.Tests.Compression;

namespace Fleet.Training.Tests.Runs;

public sealed class DenseStartTests
{
    private static readonly Lazy<ModelDocument> TrainedDense = new(() => Train(TinyTask.Recipe("dense", 1, epochs: 30)));

    public static TheoryData<string, double> Methods { get; } = new()
    {
        { "hmd", 2 },
        { "lmf", 2 },
        { "pruned", 3 },
        { "block-sparse", 2 },
        { "kronecker", 3 },
        { "doped-kronecker", 3 },
    };

    public static TheoryData<string> Cells => [.. CellNames.All];

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_network_that_begins_as_a_model_is_that_model(string cell)
    {
        var shape = CellNames.Shape(cell, 4, 7);
        var structure = new ModelStructure(
            null, Normalised: false, LayerAllocator.Dense(shape, 2, bidirectional: true), new HeadStructure(HeadKind.Sequence, 3));
        var model = Dense.Model(structure, 5);
        foreach (var (prefix, _) in structure.Cells().Where(_ => shape.Kind == CellShape.FastGrnn))
        {
            var scalars = (float[])model.Tensors[prefix + CellTensors.Scalars].Data;
            (scalars[0], scalars[1]) = (0.7f, 0.02f);
        }

        using var network = new Network<double>(structure, BatchArithmetic<double>.Best);
        network.Begin(ModelCompression.Compress(model, structure));

        var exported = network.Export().ToDictionary(tensor => tensor.Name);
        Assert.Equal(model.Tensors.Keys.Order(StringComparer.Ordinal), exported.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in model.Tensors)
        {
            Assert.All(((float[])tensor.Data).Zip((float[])exported[name].Data), pair => Assert.Equal(pair.First, pair.Second, 1e-7f));
        }
    }

    [Fact]
    public void Scalars_that_no_logistic_function_reaches_are_refused()
    {
        var structure = ModelStructure.Classifier(CellStructure.Dense(new CellShape(CellShape.FastGrnn, 4, 7)), 3);
        var model = Dense.Model(structure, 5);
        ((float[])model.Tensors["layers.0.forward.scalars"].Data)[1] = 0;
        using var network = new Network<double>(structure, BatchArithmetic<double>.Best);

        var refused = Assert.Throws<ArgumentException>(() => network.Begin(ModelCompression.Compress(model, structure)));
        Assert.Contains("layers.0.forward.scalars holds", refused.Message);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Weights_that_were_compressed_are_tuned_until_they_do_the_task(string method, double compression)
    {
        var recipe = TinyTask.Recipe(method, compression, epochs: 25) with { From = "dense" };
        using var run = new TrainingLoop(Plan(recipe, TrainedDense.Value), threads: 2);

        Run(run, 24);
        var last = run.RunEpoch(CancellationToken.None);

        Assert.True(run.HasFinalStructure);
        Assert.True(last.Validation > 0.85, $"{method}: {last}");
    }

    [Theory]
    [InlineData("pruned", 3)]
    [InlineData("block-sparse", 2)]
    [InlineData("doped-kronecker", 3)]
    public void What_is_pruned_on_the_way_answers_as_the_dense_model_at_first(string method, double compression)
    {
        var plan = Plan(TinyTask.Recipe(method, compression) with { From = "dense" }, TrainedDense.Value);
        using var run = new TrainingLoop(plan, threads: 1);
        using var microBatch = new NetworkMicroBatch<float>(run.Network, TinyTask.Steps);
        microBatch.Forward(plan.Data, [.. Enumerable.Range(0, MicroBatch.Samples)]);
        var runner = SequenceModel.Create(TrainedDense.Value).CreateRunner(TinyTask.Steps);
        var logits = new float[3];
        for (var sample = 0; sample < MicroBatch.Samples; sample++)
        {
            runner.Window(TinyTask.Data.Sequence(sample), TinyTask.Steps, logits);
            for (var label = 0; label < 3; label++)
            {
                Assert.Equal(logits[label], microBatch.Logits[(label * MicroBatch.Samples) + sample], 1e-3);
            }
        }
    }

    [Theory]
    [InlineData("hmd", 2, true)]
    [InlineData("small", 2, false)]
    public void Threads_and_interruptions_change_no_bit_of_what_is_distilled(string method, double compression, bool start)
    {
        var recipe = TinyTask.Recipe(method, compression, epochs: 3) with { From = start ? "dense" : null, Distil = new DistillationSettings() };
        var plan = Plan(recipe, TrainedDense.Value);
        using var one = new TrainingLoop(plan, threads: 1);
        using var two = new TrainingLoop(plan, threads: 2, BatchArithmetic<float>.Of(128));
        Run(one, 3);
        Run(two, 2);
        using var resumed = new TrainingLoop(plan, threads: 1);
        resumed.Restore(two.Capture());
        Run(resumed, 1);

        Assert.Equal(one.Network.Parameters.ToArray(), resumed.Network.Parameters.ToArray());
        using var other = new TrainingLoop(Plan(recipe with { Distil = new DistillationSettings { Temperature = 5 } }, TrainedDense.Value), threads: 1);
        Run(other, 3);
        Assert.NotEqual(one.Network.Parameters.ToArray(), other.Network.Parameters.ToArray());
    }

    [Fact]
    public void The_dense_models_normalisation_is_kept_and_one_without_leaves_features_as_they_are()
    {
        var recipe = TinyTask.Recipe("hmd", 2) with { From = "dense" };
        var dense = TrainedDense.Value;
        Assert.Equal((float[])dense.Tensors[ModelDocument.Mean].Data, Plan(recipe, dense).Features.Mean);

        var bare = Plan(recipe, dense with { Structure = dense.Structure with { Normalised = false } });
        Assert.Equal(TinyTask.Data.Inputs, bare.Data.Inputs);
    }

    [Fact]
    public void A_dense_model_that_does_not_go_with_the_recipe_is_refused()
    {
        var dense = TrainedDense.Value;
        var recipe = TinyTask.Recipe("hmd", 2) with { From = "dense" };
        Refused(
            "The dense model does not go with the recipe: it is lstm 3 -> 16 with 3 outputs, but what is asked for is lstm 3 -> 12 with 3 outputs.",
            recipe with { Hidden = 12 },
            dense);
        Refused("The recipe refers to a dense model, and none is given.", recipe, null);
        Refused("A dense model is given that the recipe does not refer to.", TinyTask.Recipe("hmd", 2), dense);
        Refused(
            "The dense model's class 0 is 'a', but the task's is 'slow'.", recipe, dense with { Metadata = dense.Metadata with { Labels = ["a", "b", "c"] } });

        static void Refused(string message, Recipe recipe, ModelDocument? dense) =>
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Plan(recipe, dense)).Message);
    }

    private static SequencePlan Plan(Recipe recipe, ModelDocument? dense) => TrainingPlan.Of(recipe, seed: 1, TinyTask.Data, TinyTask.Labels, dense);

    private static ModelDocument Train(Recipe recipe)
    {
        var plan = Plan(recipe, null);
        using var run = new TrainingLoop(plan, threads: 2);
        Run(run, recipe.Training.Epochs);
        var task = new PackMetadata
        {
            Task = "tones",
            Split = PackMetadata.TrainingSplit,
            Metric = "accuracy",
            Labels = TinyTask.Labels,
            Channels = ["a", "b", "c"],
            SampleRateHz = 1,
            Notes = [],
        };
        return run.Export(new VariantIdentity("0123", "dense", recipe), task);
    }

    private static void Run(TrainingLoop run, int epochs)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            run.RunEpoch(CancellationToken.None);
        }
    }
}
