using System.Collections.Immutable;
using Fleet.Domain.Recipes;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Packs;
using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;
using Fleet.Training.Runs;

namespace Fleet.Training.Tests.Runs;

public sealed class ModelExportTests
{
    public static TheoryData<string, string, double, string> Methods
    {
        get
        {
            var data = new TheoryData<string, string, double, string>();
            foreach (var cell in CellNames.All)
            {
                data.Add(cell, "dense", 1, "");
                data.Add(cell, "hmd", 2, "");
                data.Add(cell, "lmf", 2, "");
                data.Add(cell, "pruned", 3, "");
                data.Add(cell, "block-sparse", 2, "");
                data.Add(cell, "kronecker", 2, "");
                data.Add(cell, "doped-kronecker", 2, "");
            }

            data.Add(CellShape.Lstm, "hmd", 1.2, "input=compressed");
            data.Add(CellShape.Lstm, "lmf", 2, "shared=true");
            data.Add(CellShape.Lstm, "pruned", 2, "input=compressed");
            data.Add(CellShape.Lstm, "block-sparse", 2, "");
            data.Add(CellNames.GruResetBefore, "block-sparse", 2, "height=8");
            data.Add(CellShape.Gru, "kronecker", 3, "");
            data.Add(CellShape.Lstm, "doped-kronecker", 3, "");
            data.Add(CellShape.Lstm, "small", 2, "");
            return data;
        }
    }

    public static TheoryData<string, int, bool> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, bool>();
            foreach (var cell in CellNames.All)
            {
                data.Add(cell, 1, true);
                data.Add(cell, 2, false);
                data.Add(cell, 3, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_model_that_was_written_read_and_run_gives_the_outputs_of_the_network_that_was_trained(
        string cell, string method, double compression, string arguments) =>
        OutputsAgree(TinyTask.Recipe(method, compression, epochs: 3) with { Cell = cell, MethodParameters = Arguments(arguments) });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void So_does_one_of_several_layers_and_directions(string cell, int layers, bool bidirectional) =>
        OutputsAgree(TinyTask.Recipe("hmd", 1.5, epochs: 2) with
    {
        Cell = cell,
        Layers = layers,
        Bidirectional = bidirectional,
        Training = TinyTask.Recipe("hmd", 1.5, epochs: 2).Training with { Dropout = 0.2 },
    });

    private static void OutputsAgree(Recipe recipe)
    {
        var plan = TrainingPlan.Of(recipe, seed: 1, TinyTask.Data, TinyTask.Labels);
        using var run = new TrainingLoop(plan, threads: 1);
        while (!run.IsDone)
        {
            run.RunEpoch(CancellationToken.None);
        }

        using var stream = new MemoryStream();
        ModelFile.Write(stream, Document(recipe, plan, run.Network));
        var model = SequenceModel.Create(ModelFile.Read(stream.ToArray(), "model"));

        Assert.Equal(plan.Structure, model.Structure);
        var runner = model.CreateRunner(TinyTask.Steps);
        using var microBatch = new NetworkMicroBatch<float>(run.Network, TinyTask.Steps);
        microBatch.Forward(plan.Data, [.. Enumerable.Range(0, MicroBatch.Samples)]);
        var logits = new float[3];
        for (var sample = 0; sample < MicroBatch.Samples; sample++)
        {
            runner.Window(TinyTask.Data.Sequence(sample), TinyTask.Steps, logits);
            for (var label = 0; label < 3; label++)
            {
                Assert.Equal(microBatch.Logits[(label * MicroBatch.Samples) + sample], logits[label], 1e-5);
            }
        }
    }

    internal static ModelDocument Document(Recipe recipe, TrainingPlan plan, Network<float> network) =>
        ModelExport.Document(new VariantIdentity("0123", recipe.Method, recipe), plan is LanguagePlan ? Task with { Labels = [] } : Task, plan, network);

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

    private static ImmutableSortedDictionary<string, string> Arguments(string text) => text.Length == 0
        ? ImmutableSortedDictionary<string, string>.Empty
        : ImmutableSortedDictionary<string, string>.Empty.Add(text.Split('=')[0], text.Split('=')[1]);
}
