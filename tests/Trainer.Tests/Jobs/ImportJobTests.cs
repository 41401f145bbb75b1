using System.Security.Cryptography;
using Fleet.Domain.Recipes;
using Fleet.Domain.Text;
using Fleet.Kernels.Models;
using Fleet.Protocol.Training;
using Fleet.Trainer.Jobs;

namespace Fleet.Trainer.Tests.Jobs;

public sealed class ImportJobTests : IDisposable
{
    private readonly JobFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_imported_model_stays_as_it_is_and_is_judged_and_others_begin_from_it()
    {
        var trained = folder.Job("dense", compression: 1, epochs: 12, attempt: "elsewhere");
        var validation = (await folder.RunAsync(trained)).Events[^1].Validation;
        var foreign = ModelFile.Read(trained.OutputPath) with { Metadata = new ModelMetadata { Source = "onnx" } };
        var (path, sha256) = Store(foreign, "foreign");
        var imported = Imported(path, sha256, normalise: null);

        var (events, messages) = await folder.RunAsync(imported);

        Assert.Equal(["started", "done"], events.Select(said => said.Event.Word()));
        Assert.Contains("what was imported is the model", messages);
        var model = events[^1].Model!;
        Assert.Equal((validation, 1.0, 1.0), (model.Validation, model.Compression, model.CompressionModel));
        Assert.Equal(new Dictionary<string, string> { ["import"] = sha256[..12] }, model.MethodParameters);
        var kept = ModelFile.Read(imported.OutputPath);
        Assert.Equal(("synthetic-har", "dense", imported.Variant), (kept.Metadata.Task, kept.Metadata.Method, kept.Metadata.Variant));
        Assert.Equal(foreign.Tensors.Keys.Order(), kept.Tensors.Keys.Order());
        Assert.All(foreign.Tensors, pair => Assert.Equal(pair.Value.Floats, kept.Tensors[pair.Key].Floats));

        var tuned = folder.Job("hmd", compression: 2, epochs: 1, attempt: "tuned");
        tuned = tuned with { Recipe = tuned.Recipe with { From = "dense" }, DenseModelPath = imported.OutputPath, DenseModelSha256 = model.Sha256 };
        Assert.True((await folder.RunAsync(tuned)).Events[^1].Validation > 0.5);

        // Nothing that is to happen to it is forgotten, and nothing happens twice.
        Assert.Contains("would do it again", (await Assert.ThrowsAsync<JobException>(() => folder.RunAsync(Imported(path, sha256, "task")))).Message);
        await RefusedAsync(
            "epochs is 3, but must be 0 to 0", imported with { Recipe = imported.Recipe with { Training = imported.Recipe.Training with { Epochs = 3 } } });
        await RefusedAsync("An imported model is the dense variant", imported with { Recipe = imported.Recipe with { Method = "hmd", Compression = 2 } });
    }

    [Fact]
    public async Task A_model_that_reads_normalised_features_is_given_them_as_the_task_has_them()
    {
        var trained = folder.Job("dense", compression: 1, epochs: 12, attempt: "elsewhere");
        var validation = (await folder.RunAsync(trained)).Events[^1].Validation!.Value;
        var whole = ModelFile.Read(trained.OutputPath);
        // The same network without what brings its features to mean 0 and variance 1.
        var bare = whole with
        {
            Metadata = new ModelMetadata(),
            Structure = whole.Structure with { Normalised = false },
            Tensors = whole.Tensors.Where(pair => pair.Key is not (ModelDocument.Mean or ModelDocument.Scale)).ToDictionary(),
        };
        var (path, sha256) = Store(bare, "bare");

        var asTask = (await folder.RunAsync(Imported(path, sha256, "task"))).Events[^1].Model!;
        var asIs = (await folder.RunAsync(Imported(path, sha256, normalise: null, attempt: "as-is"))).Events[^1].Model!;

        Assert.Equal(validation, asTask.Validation);
        Assert.Equal("task", asTask.MethodParameters["normalise"]);
        Assert.NotEqual(asTask.Sha256, asIs.Sha256);
        var untouched = ModelFile.Read(folder.OutputPath("as-is"));
        Assert.All(untouched.Tensors[ModelDocument.Mean].Floats.ToArray(), mean => Assert.Equal(0, mean));
        Assert.All(untouched.Tensors[ModelDocument.Scale].Floats.ToArray(), scale => Assert.Equal(1, scale));
    }

    private TrainingJob Imported(string path, string sha256, string? normalise, string attempt = "imported")
    {
        var job = folder.Job("dense", compression: 1, epochs: 0, attempt: attempt);
        return job with
        {
            Recipe = job.Recipe with { Import = new ImportSettings { Sha256 = sha256, Normalise = normalise } },
            DenseModelPath = path,
            DenseModelSha256 = sha256,
        };
    }

    private (string Path, string Sha256) Store(ModelDocument document, string name)
    {
        var path = folder.OutputPath(name);
        using (var file = File.Create(path))
        {
            ModelFile.Write(file, document);
        }

        return (path, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    private async Task RefusedAsync(string message, TrainingJob job) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<JobException>(() => folder.RunAsync(job))).Message);
}
