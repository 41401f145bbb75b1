using Fleet.Domain.Recipes;
using Fleet.Domain.Text;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
using Fleet.Tasks.Packs;
using Fleet.Training.Data;
using Fleet.Trainer.Jobs;

namespace Fleet.Trainer.Tests.Jobs;

public sealed class Int8JobTests : IDisposable
{
    private readonly JobFolder folder = new();

    public static TheoryData<string, double> Methods { get; } = new()
    {
        { "dense", 1 },
        { "hmd", 2 },
        { "lmf", 2 },
        { "pruned", 2 },
        { "block-sparse", 2 },
        { "kronecker", 2 },
        { "doped-kronecker", 2 },
        { "small", 2 },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_trained_model_is_quantised_at_once_and_judged_by_the_int8_kernels(string method, double compression)
    {
        var (fp32, trained) = await TrainAsync(method, compression);
        var job = Int8(fp32, trained, "after");

        var (events, messages) = await folder.RunAsync(job);

        Assert.Equal(["started", "done"], events.Select(said => said.Event.Word()));
        Assert.Contains("quantised;", messages);
        var model = events[^1].Model!;
        Assert.Equal("after", model.MethodParameters["quantisation"]);
        Assert.Equal((trained.Parameters, trained.Compression, trained.MacsPerStep), (model.Parameters, model.Compression, model.MacsPerStep));
        Assert.True(model.Bytes < trained.Bytes, $"{model.Bytes} bytes of {trained.Bytes}.");
        var document = ModelFile.Read(job.OutputPath);
        Assert.Equal((Precision.Int8, job.Variant), (document.Structure.Precision, document.Metadata.Variant));
        Assert.Equal(Validation(document), model.Validation);
        Assert.InRange(model.Validation, trained.Validation - 0.05, 1);
        Assert.Equal(model.Sha256, (await folder.RunAsync(job)).Events[^1].Model!.Sha256);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Trained_in_int8_threads_and_interruptions_leave_the_models_hash_as_it_is(string method, double compression)
    {
        var one = await folder.RunAsync(Aware(folder.Job(method, compression, threads: 1, attempt: "one")));
        var two = await folder.RunAsync(Aware(folder.Job(method, compression, threads: 2, attempt: "two")));
        var interrupted = Aware(folder.Job(method, compression, attempt: "three"));
        using var stop = new CancellationTokenSource();
        var running = folder.RunAsync(interrupted, stop.Token);
        await folder.SaidAsync("epoch");
        await stop.CancelAsync();
        await running;
        Assert.False(File.Exists(interrupted.OutputPath));
        var resumed = await folder.RunAsync(interrupted);

        var model = one.Events[^1].Model!;
        Assert.Equal(model.Sha256, two.Events[^1].Model!.Sha256);
        Assert.Equal(model.Sha256, resumed.Events[^1].Model!.Sha256);
        Assert.True(resumed.Events[0].Epoch >= 1, "It began anew.");
        var document = ModelFile.Read(folder.Job(method, compression, attempt: "one").OutputPath);
        Assert.Equal(Precision.Int8, document.Structure.Precision);
        Assert.Equal(("aware", Validation(document)), (model.MethodParameters["quantisation"], model.Validation));
    }

    [Theory]
    [InlineData("dense", 1)]
    [InlineData("pruned", 2)]
    [InlineData("doped-kronecker", 2)]
    public async Task What_is_trained_in_int8_may_begin_as_its_like_in_fp32(string method, double compression)
    {
        var (fp32, trained) = await TrainAsync(method, compression);
        var job = Int8(fp32, trained, "tuned");
        var training = job.Recipe.Training with { Epochs = 1, LearningRate = 1e-5 };
        job = job with { Recipe = job.Recipe with { Quantisation = Quantisations.Aware, From = Precisions.Fp32, Training = training } };

        var model = (await folder.RunAsync(job)).Events[^1].Model!;

        Assert.Equal("fp32", model.MethodParameters["from"]);
        Assert.InRange(model.Validation, trained.Validation - 0.05, 1);
    }

    [Fact]
    public async Task Another_model_than_the_recipes_own_is_refused()
    {
        var (fp32, trained) = await TrainAsync("hmd", 2);
        var other = Int8(fp32, trained, "other");
        var error = await Assert.ThrowsAsync<JobException>(() => folder.RunAsync(other with { Recipe = other.Recipe with { Compression = 1.5 } }));
        Assert.StartsWith("The model that is given is not what the recipe makes in fp32: it is hmd in fp32 with ", error.Message);
        var none = await Assert.ThrowsAsync<JobException>(() => folder.RunAsync(other with { DenseModelPath = null, DenseModelSha256 = null }));
        Assert.Equal("The recipe refers to a trained fp32 model, and none is given.", none.Message);
    }

    private async Task<(TrainingJob Job, TrainedModel Model)> TrainAsync(string method, double compression)
    {
        var job = folder.Job(method, compression, epochs: 6, attempt: "fp32");
        return (job, (await folder.RunAsync(job)).Events[^1].Model!);
    }

    private static TrainingJob Aware(TrainingJob job) =>
        job with { Recipe = job.Recipe with { Precision = Precisions.Int8, Quantisation = Quantisations.Aware } };

    private static TrainingJob Int8(TrainingJob fp32, TrainedModel trained, string attempt) => fp32 with
    {
        Variant = fp32.Variant + "-int8",
        Recipe = fp32.Recipe with { Precision = Precisions.Int8 },
        DenseModelPath = fp32.OutputPath,
        DenseModelSha256 = trained.Sha256,
        CheckpointFolder = fp32.CheckpointFolder + attempt,
        OutputPath = fp32.OutputPath + attempt,
    };

    /// <summary>As a board would have it, over what is held back.</summary>
    private double Validation(ModelDocument document)
    {
        var pack = PackedSet.Read(File.ReadAllBytes(folder.DataPath), "pack");
        var held = ValidationSplit.Of(pack.Data, pack.Metadata.Labels, folder.Job().Recipe.Training.ValidationFraction).Validation;
        var runner = SequenceModel.Create(document).CreateRunner(pack.Data.Steps);
        var logits = new float[pack.Metadata.Labels.Count];
        var right = 0;
        foreach (var sample in held)
        {
            runner.Window(pack.Data.Sequence(sample), pack.Data.Steps, logits);
            right += Array.IndexOf(logits, logits.Max()) == pack.Data.Labels[sample] ? 1 : 0;
        }

        return (double)right / held.Length;
    }
}
