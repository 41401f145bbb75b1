using Fleet.Campaigns.Language;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Tests.Language;

public sealed class ImportTests
{
    private const string File = """
        name: n
        task: uci-har
        training: { epochs: 30, validation_fraction: 0.2 }
        model: { import: my.onnx }
        variants:
          - { method: hmd, compression: 2, from: dense, fine_tune: { epochs: 5 } }
          - { method: dense, from: dense, fine_tune: { epochs: 3 } }
          - { method: small, compression: 4, distil: {} }
          - { method: lmf, compression: 2 }
          - method: dense
        """;

    private static readonly ImportedModel Model = new() { Sha256 = new string('c', 64), Cell = "gru", Hidden = 48, Layers = 2, Bidirectional = false };

    [Fact]
    public void The_dense_variant_is_the_imported_model_as_it_is_and_others_have_its_layers()
    {
        var specification = Bound(File, Model);

        Assert.Equal(["hmd-2x-from-dense", "dense-tuned", "small-4x-distilled", "lmf-2x", "dense"], specification.Variants.Select(variant => variant.Name));
        Assert.All(specification.Variants, variant => Assert.Equal(("gru", 48, 2), (variant.Recipe.Cell, variant.Recipe.Hidden, variant.Recipe.LayerCount)));
        var dense = specification.Variants[^1];
        Assert.Equal(new ImportSettings { Sha256 = Model.Sha256 }, dense.Recipe.Import);
        Assert.Equal(new TrainingSettings { Epochs = 0, ValidationFraction = 0.2 }, dense.Recipe.Training);
        Assert.Equal([dense.Key, dense.Key, dense.Key, null, null], specification.Variants.Select(variant => variant.Dense));
        Assert.All(specification.Variants.SkipLast(1), variant => Assert.Null(variant.Recipe.Import));
        Assert.Equal([5, 3, 30, 30], specification.Variants.SkipLast(1).Select(variant => variant.Recipe.Training.Epochs));
    }

    [Fact]
    public void Another_model_or_another_way_to_feed_it_is_another_key_for_all_that_learn_from_it()
    {
        var one = Bound(File, Model);
        var another = Bound(File, Model with { Sha256 = new string('d', 64) });
        var normalised = Bound(File.Replace("my.onnx", "my.onnx, normalise: task", StringComparison.Ordinal), Model);
        foreach (var other in new[] { another, normalised })
        {
            Assert.Equal(
                [false, false, false, true, false],
                one.Variants.Zip(other.Variants).Select(pair => pair.First.Key == pair.Second.Key));
            Assert.NotEqual(one.Digest, other.Digest);
        }

        // How others are trained says nothing of a model that is there.
        Assert.Equal(
            one.Variants[^1].Key, Bound(File.Replace("epochs: 30", "epochs: 31, learning_rate: 0.1", StringComparison.Ordinal), Model).Variants[^1].Key);
    }

    [Fact]
    public void A_check_names_the_model_that_is_wanted_and_judges_no_size_before_it_is_there()
    {
        var check = Check("""
            name: n
            task: uci-har
            model:
              import: { file: net.safetensors, nonlinearity: relu, head: fc, embedding: emb }
              normalise: { mean: [0.5, -1], deviation: [2, 3e-1] }
            conditions: { modes: streaming }
            variants:
              - method: dense
              - { method: hmd, compression: 2, k: 16, from: dense }
            """);

        Assert.Empty(check.Problems);
        var import = check.Import!;
        Assert.Equal(("net.safetensors", "relu", "fc", "emb", false), (import.File, import.Nonlinearity, import.Head, import.Embedding, import.ByTask));
        Assert.Equal([0.5, -1], import.Mean!);
        Assert.Equal([2, 0.3], import.Deviation!);
        Assert.Null(Check(SampleCampaign.File).Import);
        Assert.True(Check(File.Replace("my.onnx", "my.onnx, normalise: task", StringComparison.Ordinal)).Import!.ByTask);
    }

    [Theory]
    [InlineData("{ import: my.onnx, hidden: 64 }", "'hidden' is what the imported model has.")]
    [InlineData("{ import: my.onnx, normalise: always }", "'normalise' is 'always', but must be none or task.")]
    [InlineData("{ import: my.onnx, normalise: { mean: [1] } }", "'normalise' has no 'deviation'.")]
    [InlineData("{ import: my.onnx, normalise: { mean: [1, 2], deviation: [1] } }", "'mean' has 2 values and 'deviation' 1, but each has one a feature.")]
    [InlineData("{ import: my.onnx, normalise: { mean: [1], deviation: [0] } }", "'deviation' is 0, but must be from 1E-09 to 1000000000.")]
    [InlineData("{ import: { path: my.onnx } }", "'import' has no 'file'.")]
    [InlineData("{ normalise: none }", "'normalise' says how an imported model was fed, and none is imported.")]
    public void What_is_wrong_with_an_import_is_told_with_its_line(string model, string message)
    {
        var problem = Check($"name: n\ntask: uci-har\nmodel: {model}\nvariants:\n  - method: dense\n").Problems.First(problem => problem.Message == message);
        Assert.Equal(3, problem.Line);
    }

    [Fact]
    public void A_model_of_tokens_is_not_normalised()
    {
        var problem = Assert.Single(Check("name: n\ntask: char-lm\nmodel: { import: my.onnx, normalise: task }\nvariants:\n  - method: dense\n").Problems);
        Assert.Equal((3, "'normalise' is for tasks of features; this one has tokens."), (problem.Line, problem.Message));
    }

    [Fact]
    public void What_is_bound_as_the_model_is_not_believed()
    {
        Assert.Equal("No model is bound as my.onnx.", Assert.Single(Bind(File, null).Problems).Message);
        var problems = Bind(File, Model with { Sha256 = "../x", Cell = "transformer", Hidden = 5000 }).Problems.Select(problem => problem.Message).ToArray();
        Assert.Contains("The imported model cannot be compressed: sha256 is '../x', not 64 hexadecimal digits in lower case.", problems);
        Assert.Contains(
            problems,
            message => message.StartsWith("The imported model cannot be compressed: its cell is 'transformer', but must be lstm, ", StringComparison.Ordinal));
        Assert.Contains("The imported model cannot be compressed: it has 5000 units; a campaign takes 1 to 4096.", problems);
    }

    [Fact]
    public void A_factor_that_the_imported_model_cannot_be_compressed_by_is_told_when_it_is_known()
    {
        var file = File.Replace("lmf, compression: 2", "lmf, compression: 200", StringComparison.Ordinal);
        Assert.Empty(Check(file).Problems);
        Assert.StartsWith("lmf cannot compress gru 9 -> 48", Assert.Single(Bind(file, Model).Problems).Message, StringComparison.Ordinal);
    }

    private static CampaignCheck Check(string file) => CampaignFiles.Check(new CampaignFile { Text = file, Source = "x.yaml" });

    private static (CampaignSpecification? Specification, IReadOnlyList<FileProblem> Problems) Bind(string file, ImportedModel? model) =>
        CampaignFiles.Bind(new CampaignSubmission { File = new CampaignFile { Text = file, Source = "x.yaml" }, Data = [SampleCampaign.Data], Model = model });

    private static CampaignSpecification Bound(string file, ImportedModel model)
    {
        var (specification, problems) = Bind(file, model);
        Assert.Empty(problems);
        return specification!;
    }
}
