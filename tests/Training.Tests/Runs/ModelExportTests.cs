using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
using Fleet.Tasks.Packs;
using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;
using Fleet.Training.Runs;

namespace Fleet.Training.Tests.Runs;

public sealed class ModelExportTests
{
    public static TheoryData<string, double, string> Methods { get; } = new()
    {
        { "dense", 1, "" },
        { "hmd", 2, "" },
        { "hmd", 1.2, "input=compressed" },
        { "lmf", 2, "" },
        { "lmf", 2, "shared=true" },
        { "pruned", 3, "" },
        { "pruned", 2, "input=compressed" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_model_that_was_written_read_and_run_gives_the_outputs_of_the_network_that_was_trained(string method, double compression, string arguments)
    {
        var recipe = TinyTask.Recipe(method, compression, epochs: 3) with { MethodParameters = Arguments(arguments) };
        var plan = TrainingPlan.Of(recipe, seed: 1, TinyTask.Data, TinyTask.Labels);
        using var run = new TrainingRun(plan, threads: 1);
        while (!run.IsDone)
        {
            run.RunEpoch(CancellationToken.None);
        }

        using var stream = new MemoryStream();
        ModelFile.Write(stream, ModelExport.Document(Job(recipe), Task, TinyTask.Steps, run.Network, plan.Normalisation));
        var model = SequenceModel.Create(ModelFile.Read(stream.ToArray(), "model"));

        Assert.Equal(ModelStructure.Classifier(plan.Structure, 3), model.Structure);
        var runner = model.CreateRunner(TinyTask.Steps);
        using var shard = new LstmShard<float>(run.Network, TinyTask.Steps);
        shard.Forward(plan.Data, [.. Enumerable.Range(0, Shard.Samples)]);
        var logits = new float[3];
        for (var sample = 0; sample < Shard.Samples; sample++)
        {
            runner.Window(TinyTask.Data.Sequence(sample), TinyTask.Steps, logits);
            for (var label = 0; label < 3; label++)
            {
                Assert.Equal(shard.Logits[(label * Shard.Samples) + sample], logits[label], 1e-4);
            }
        }
    }

    private static PackMetadata Task { get; } = new()
    {
        Task = "tones",
        Split = PackMetadata.TrainingSplit,
        Metric = "accuracy",
        Labels = TinyTask.Labels,
        Channels = ["a", "b", "c"],
        SampleRateHz = 1,
        Notes = [],
    };

    private static SortedDictionary<string, string> Arguments(string text) =>
        text.Length == 0 ? [] : new() { [text.Split('=')[0]] = text.Split('=')[1] };

    private static TrainingJob Job(Recipe recipe) => new()
    {
        Variant = "0123",
        VariantName = recipe.Method,
        Task = "tones",
        Recipe = recipe,
        Seed = 1,
        TrainingDataPath = "",
        TrainingDataSha256 = "",
        Threads = 1,
        CheckpointFolder = "",
        OutputPath = "",
    };
}
