using Fleet.Cli.Campaigns;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Campaigns;

public sealed class ModelImportTests : IDisposable
{
    private static readonly TaskData Features = new()
    {
        Task = "synthetic-har", TrainingSha256 = "", TestSha256 = "", Input = 9, Steps = 64, Classes = 6, TrainingSamples = 100, TestSamples = 50,
    };

    private static readonly ModelImport AsIs = new() { File = "my.onnx" };

    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task The_model_beside_the_campaign_is_imported_sent_by_its_hash_and_told_to_the_silo()
    {
        await using var silo = await fleet.RunningSiloAsync();
        Write("my.safetensors", Classifier(Lstm, 6) with { Metadata = new ModelMetadata { VariantName = "gone", Labels = ["a", "b", "c", "d", "e", "f"] } });
        silo.Check = silo.Check with { Import = AsIs with { File = "my.safetensors", Mean = Nine(2), Deviation = Nine(4) } };

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--detach"));

        var told = Assert.Single(silo.Submissions).Model!;
        Assert.Equal(("lstm", 8, 1, false, null), (told.Cell, told.Hidden, told.Layers, told.Bidirectional, told.Embedding));
        // Two packs and the model, once each.
        Assert.Equal(3, silo.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));
        var sent = ModelFile.Read(silo.Artefacts[told.Sha256], "sent");
        Assert.Equal(Nine(2).Select(value => (float)value), sent.Tensors[ModelDocument.Mean].Floats.ToArray());
        Assert.Equal(Nine(0.25).Select(value => (float)value), sent.Tensors[ModelDocument.Scale].Floats.ToArray());
        Assert.Null(sent.Metadata.VariantName);
    }

    [Fact]
    public async Task A_model_that_does_not_fit_the_task_ends_the_command_with_all_that_differs()
    {
        await using var silo = await fleet.RunningSiloAsync();
        SmallModel.Write(fleet.Folder, ".onnx");
        silo.Check = silo.Check with { Import = AsIs with { File = "model.onnx" } };

        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));

        Assert.Contains("model.onnx is no model to compress for synthetic-har.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("model.onnx: it reads 3 features a step, but synthetic-har has 9.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("model.onnx: it has 2 classes, but synthetic-har has 6.", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(silo.Submissions);
    }

    [Fact]
    public async Task A_model_file_that_is_not_there_is_named()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Check = silo.Check with { Import = AsIs with { File = "gone.onnx" } };
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Contains(fleet.Folder["gone.onnx"], fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_differs_is_told()
    {
        var text = Features with { Task = "char-lm", Input = 1, Classes = 66 };
        Assert.Empty(Misfits(Classifier(Lstm, 6)));
        Assert.Equal(["its LSTM has peepholes, with which no variant can be trained."], Misfits(Classifier(Lstm with { Peepholes = true }, 6)));
        Assert.Equal(
            ["it reads 9 features a step, but char-lm has tokens: a model of tokens begins with an embedding.",
                "it answers once a sequence, but char-lm wants the next token at every step."],
            Misfits(Classifier(Lstm, 6), text, tokens: true));
        Assert.Equal(["it has no linear layer behind the recurrent ones, so it has no classes."], Misfits(Headed(HeadKind.None, 0)));
        Assert.Equal(["it answers at every step, but synthetic-har wants one answer for a whole sequence."], Misfits(Headed(HeadKind.Step, 6)));
        var language = RandomModel.Create(
            new ModelStructure(
                new EmbeddingStructure(60, 9),
                Normalised: false,
                [new LayerStructure(CellStructure.Dense(Lstm))],
                new HeadStructure(HeadKind.Language, 60)), 1);
        Assert.Equal(
            ["its vocabulary has 60 tokens, but that of char-lm 66.", "it has 60 classes, but char-lm has 66."], Misfits(language, text, tokens: true));
        Assert.Equal("it reads tokens through an embedding, but synthetic-har has 9 features a step.", Misfits(language)[0]);
    }

    [Fact]
    public void Layers_that_a_campaign_cannot_have_are_told()
    {
        var upper = new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Gru, 8, 5)));
        Assert.Equal(
            ["its layer 1 is gru of 5 units, but layer 0 is lstm of 8 units: a campaign's layers are of one kind and size."],
            Misfits(
                RandomModel.Create(
                    new ModelStructure(null, false, [new LayerStructure(CellStructure.Dense(Lstm)), upper], new HeadStructure(HeadKind.Sequence, 6)), 1)));
        var backwards = new LayerStructure(LayerDirection.Reverse, [CellStructure.Dense(Lstm)]);
        Assert.Equal(
            ["a layer reads sequences from the last step to the first only: a campaign's layers read forward, or in both directions."],
            Misfits(RandomModel.Create(new ModelStructure(null, false, [backwards], new HeadStructure(HeadKind.Sequence, 6)), 1)));
    }

    [Fact]
    public void Features_are_normalised_once_and_each_of_them()
    {
        var own = RandomModel.Create(ModelStructure.Classifier(CellStructure.Dense(Lstm), 6), 1);
        Assert.Equal(["it normalises its features itself: leave 'normalise' out."], Misfits(own, AsIs with { ByTask = true }));
        Assert.Equal(["it normalises its features itself: leave 'normalise' out."], Misfits(own, AsIs with { Mean = Nine(1), Deviation = Nine(1) }));
        Assert.Empty(Misfits(own, AsIs));
        Assert.Equal(["it reads 9 features a step, but 'normalise' has a mean of 1."], Misfits(Classifier(Lstm, 6), AsIs with { Mean = [1], Deviation = [1] }));
    }

    [Fact]
    public void A_softmax_at_the_end_changes_no_answer_and_is_left_out()
    {
        var model = Headed(HeadKind.Sequence, 6);
        var soft = model with { Structure = model.Structure with { Head = model.Structure.Head with { Softmax = true } } };
        Assert.Equal(CampaignModel.Bare(model, AsIs, "onnx").Structure, CampaignModel.Bare(soft, AsIs, "onnx").Structure);
    }

    private static CellShape Lstm { get; } = new(CellShape.Lstm, 9, 8);

    private static ModelDocument Classifier(CellShape shape, int classes) => RandomModel.Create(
        new ModelStructure(null, Normalised: false, [new LayerStructure(CellStructure.Dense(shape))], new HeadStructure(HeadKind.Sequence, classes)), 1);

    private static ModelDocument Headed(HeadKind kind, int outputs) => RandomModel.Create(
        new ModelStructure(null, Normalised: false, [new LayerStructure(CellStructure.Dense(Lstm))], new HeadStructure(kind, outputs)), 1);

    private static double[] Nine(double value) => [.. Enumerable.Repeat(value, 9)];

    private static string[] Misfits(ModelDocument model, TaskData? data = null, bool tokens = false) =>
        [.. CampaignModel.Misfits(model, AsIs, data ?? Features, tokens)];

    private static string[] Misfits(ModelDocument model, ModelImport import) => [.. CampaignModel.Misfits(model, import, Features, readsTokens: false)];

    private void Write(string name, ModelDocument model) => TestFiles.Write(fleet.Folder[name], model);
}
