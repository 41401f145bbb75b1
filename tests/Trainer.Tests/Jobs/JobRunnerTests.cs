using System.Security.Cryptography;
using Fleet.Domain.Recipes;
using Fleet.Domain.Text;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
using Fleet.Trainer.Jobs;
using Fleet.Training.Runs;

namespace Fleet.Trainer.Tests.Jobs;

public sealed class JobRunnerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly JobFolder folder = new();

    public static TheoryData<string, double> Methods { get; } = new()
    {
        { "dense", 1 },
        { "hmd", 2 },
        { "lmf", 2 },
        { "pruned", 2 },
        { "doped-kronecker", 2 },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_job_tells_of_its_start_each_epoch_and_the_model_that_it_wrote()
    {
        var job = folder.Job();

        var (events, _) = await folder.RunAsync(job);

        Assert.Equal(["started", "epoch", "epoch", "epoch", "done"], events.Select(said => said.Event.Word()));
        Assert.All(
            events.Skip(1).SkipLast(1), said => Assert.True(said is { Epochs: 3, Loss: > 0, Validation: >= 0, SamplesPerSecond: > 0, SecondsLeft: >= 0 }));
        Assert.Equal(0, events[3].SecondsLeft);
        var model = events[^1].Model!;
        var bytes = await File.ReadAllBytesAsync(job.OutputPath);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), model.Sha256);
        Assert.Equal(bytes.Length, model.Bytes);
        var structure = ModelFile.Read(job.OutputPath).Structure.Layers[0].Cells[0];
        Assert.Equal(structure.Compression, model.Compression);
        // LSTM 9 -> 16, six classes: cell weights as structured, 64 biases, 6 x 16 + 6 in the head.
        Assert.Equal(structure.Parameters + 64 + 102, model.Parameters);
        Assert.Equal((1600 + 64.0 + 102) / model.Parameters, model.CompressionModel, 1e-12);
        Assert.Equal(["k", "r"], model.MethodParameters.Keys);
        Assert.True(model.TrainingSeconds > 0);
    }

    [Fact]
    public async Task A_small_model_is_an_ordinary_dense_one_whose_compression_is_counted_against_the_asked_size()
    {
        var job = folder.Job("small", compression: 2);

        var (events, _) = await folder.RunAsync(job);

        // LSTM 9 -> 16: 1600 weights; 10 units take 4 * 10 * 19 = 760, 11 would take 880.
        var document = ModelFile.Read(job.OutputPath);
        Assert.Equal(ModelStructure.Classifier(CellStructure.Dense(new CellShape(CellShape.Lstm, 9, 10)), 6), document.Structure);
        Assert.Equal("small", document.Metadata.Method);
        var model = events[^1].Model!;
        Assert.Equal(1600.0 / 760, model.Compression, 1e-12);
        Assert.Equal((1600 + 64.0 + 102) / (760 + 40 + 66), model.CompressionModel, 1e-12);
        Assert.Equal(new Dictionary<string, string> { ["hidden"] = "10" }, model.MethodParameters);
    }

    [Fact]
    public async Task With_patience_a_job_ends_early_and_its_model_is_of_the_best_epoch()
    {
        var job = folder.Job(epochs: 60);
        job = job with { Recipe = job.Recipe with { Training = job.Recipe.Training with { Patience = 2 } } };

        var (events, messages) = await folder.RunAsync(job);

        var validations = events.Where(said => said.Event.Word() == "epoch").Select(said => said.Validation!.Value).ToArray();
        Assert.InRange(validations.Length, 3, 59);
        Assert.Equal(validations.Max(), events[^1].Validation);
        // The first of equals is the best, and two more follow it.
        var best = Array.IndexOf(validations, validations.Max()) + 1;
        Assert.Equal(validations.Length, best + 2);
        Assert.Contains($"epoch {best} of 60 is the model", messages);
    }

    [Fact]
    public async Task A_job_begins_as_the_dense_model_that_it_is_given_and_learns_from_its_answers()
    {
        var dense = folder.Job("dense", compression: 1, epochs: 12, attempt: "dense");
        var trained = (await folder.RunAsync(dense)).Events[^1].Model!;
        var scratch = folder.Job("lmf", compression: 2, epochs: 1, attempt: "scratch");
        var blank = (await folder.RunAsync(scratch)).Events;
        var job = scratch with
        {
            Recipe = scratch.Recipe with { From = "dense", Distil = new DistillationSettings { Weight = 0.3, Temperature = 3 } },
            DenseModelPath = dense.OutputPath,
            DenseModelSha256 = trained.Sha256,
            CheckpointFolder = scratch.CheckpointFolder + "-tuned",
            OutputPath = scratch.OutputPath + "-tuned",
        };

        var (events, _) = await folder.RunAsync(job);

        var model = events[^1].Model!;
        Assert.True(model.Validation > blank[^1].Model!.Validation + 0.1, $"{model.Validation} from dense, {blank[^1].Model!.Validation} from scratch.");
        Assert.Equal(["d", "distil_temperature", "distil_weight", "from", "shared"], model.MethodParameters.Keys);
        Assert.Equal(("dense", "0.3"), (model.MethodParameters["from"], model.MethodParameters["distil_weight"]));

        var damaged = await Assert.ThrowsAsync<JobException>(() => folder.RunAsync(job with { DenseModelSha256 = new string('0', 64) }));
        Assert.StartsWith($"The dense model {dense.OutputPath} has SHA-256 {trained.Sha256}, but the job asks for 000", damaged.Message);
        var missing = await Assert.ThrowsAsync<JobException>(() => folder.RunAsync(job with { DenseModelPath = dense.OutputPath + "-not" }));
        Assert.StartsWith($"The dense model {dense.OutputPath}-not cannot be read:", missing.Message);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Threads_and_interruptions_leave_the_models_hash_as_it_is(string method, double compression)
    {
        var one = await HashAsync(folder.Job(method, compression, threads: 1, attempt: "one"));
        var two = await HashAsync(folder.Job(method, compression, threads: 2, attempt: "two"));
        var interrupted = folder.Job(method, compression, attempt: "three");
        await StopAfterFirstEpochAsync(interrupted);
        Assert.False(File.Exists(interrupted.OutputPath));
        var resumed = await folder.RunAsync(interrupted);

        Assert.Equal(one, two);
        Assert.Equal(one, resumed.Events[^1].Model!.Sha256);
        Assert.True(resumed.Events[0].Epoch >= 1, "It began anew.");
        Assert.DoesNotContain("not used", resumed.Messages);
        Assert.Contains("are held back for validation: 16 of 80 persons, whole", resumed.Messages);
    }

    [Fact]
    public async Task An_epoch_that_takes_minutes_is_checkpointed_on_its_way_and_taken_up_there()
    {
        var straight = await HashAsync(folder.Job(attempt: "straight"));
        var job = folder.Job(attempt: "slow");
        using var stop = new CancellationTokenSource();
        // So slow that every step is a part. Each part looks three times: when it begins, after the step, and when it is written down.
        await folder.RunAsync(job, stop.Token, new SlowTime(reading => { if (reading == 5) { stop.Cancel(); } }));
        var checkpoint = Checkpoint.TryRead(folder.CheckpointPath("slow"), job.Variant, out _)!;
        Assert.Equal((0, 1L), (checkpoint.Snapshot.Epoch, checkpoint.Snapshot.Steps));
        Assert.Equal((62.0, 62.0), (checkpoint.Seconds, checkpoint.EpochSeconds));

        var (events, messages) = await folder.RunAsync(job);

        Assert.DoesNotContain("not used", messages);
        Assert.Equal(straight, events[^1].Model!.Sha256);
        Assert.Equal(["started", "epoch", "epoch", "epoch", "done"], events.Select(said => said.Event.Word()));
        // The whole epoch's samples in the time that both parts took.
        Assert.InRange(events[1].SamplesPerSecond!.Value, 1, folder.Samples / 62.0);
    }

    [Fact]
    public async Task A_finished_job_that_is_started_again_gives_the_same_model_at_once()
    {
        var first = await folder.RunAsync(folder.Job());
        File.Delete(folder.Job().OutputPath);

        var again = await folder.RunAsync(folder.Job());

        Assert.Equal(["started", "done"], again.Events.Select(said => said.Event.Word()));
        Assert.Equal(first.Events[^1].Model!.Sha256, again.Events[^1].Model!.Sha256);
        Assert.True(File.Exists(folder.Job().OutputPath));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_and_training_begins_anew()
    {
        var whole = await HashAsync(folder.Job(attempt: "whole"));
        var job = folder.Job(attempt: "damaged");
        Directory.CreateDirectory(job.CheckpointFolder);
        await File.WriteAllTextAsync(folder.CheckpointPath("damaged"), "this is no checkpoint at all");

        var (events, messages) = await folder.RunAsync(job);

        Assert.Contains("is not used, and training begins anew", messages);
        Assert.Equal(0, events[0].Epoch);
        Assert.Equal(whole, events[^1].Model!.Sha256);
    }

    [Fact]
    public async Task While_somebody_measures_the_job_waits_and_says_so()
    {
        var measuring = await folder.Machine.AcquireExclusiveAsync(CancellationToken.None);
        var training = folder.RunAsync(folder.Job());
        await folder.SaidAsync("waiting");
        Assert.False(File.Exists(folder.CheckpointPath()));

        measuring.Dispose();
        var (events, _) = await training.WaitAsync(Limit);

        Assert.Equal(["started", "waiting", "started", "epoch", "epoch", "epoch", "done"], events.Select(said => said.Event.Word()));
    }

    [Fact]
    public async Task Somebody_who_wants_to_measure_gets_the_machine_between_two_epochs_and_training_goes_on_after_it()
    {
        using var stop = new CancellationTokenSource();
        var training = folder.RunAsync(folder.Job(epochs: 100_000), stop.Token);
        await folder.SaidAsync("epoch");

        using (await folder.Machine.AcquireExclusiveAsync(CancellationToken.None).WaitAsync(Limit))
        {
            await folder.SaidAsync("waiting");
        }

        await WaitForNewAsync(folder.CheckpointPath());
        await stop.CancelAsync();
        var kinds = (await training.WaitAsync(Limit)).Events.Select(said => said.Event.Word()).ToList();
        var waiting = kinds.IndexOf("waiting");
        Assert.Equal(["epoch", "waiting", "started", "epoch"], kinds.GetRange(waiting - 1, 4));
    }

    [Fact]
    public async Task Data_that_is_not_what_the_job_promised_is_refused()
    {
        await RefusedAsync("but the job asks for 00", folder.Job() with { TrainingDataSha256 = new string('0', 64) });
        await RefusedAsync("cannot be read", folder.Job() with { TrainingDataPath = folder.DataPath + ".not" });
        await RefusedAsync("trains on the training part of uci-har", folder.Job() with { Task = "uci-har" });
        var junk = folder.DataPath + ".junk";
        await File.WriteAllBytesAsync(junk, new byte[100]);
        await RefusedAsync(junk, folder.Job() with { TrainingDataPath = junk, TrainingDataSha256 = Convert.ToHexStringLower(SHA256.HashData(new byte[100])) });
    }

    [Fact]
    public async Task A_factor_that_cannot_be_reached_is_refused_with_the_allocators_words()
    {
        var expected = Assert.Throws<CompressionRangeException>(() => CellAllocator.Allocate(
            new CellShape(CellShape.Lstm, 9, 16), WeightMethods.Find("hmd")!, 500, new Dictionary<string, string>())).Message;

        await RefusedAsync(expected, folder.Job(compression: 500));
    }

    /// <summary>Every look at it finds it half a minute later.</summary>
    private sealed class SlowTime(Action<int> looked) : TimeProvider
    {
        private int readings;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            var reading = Interlocked.Increment(ref readings);
            looked(reading);
            return reading * 31L;
        }
    }

    private async Task RefusedAsync(string message, TrainingJob job) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<JobException>(() => folder.RunAsync(job))).Message);

    private async Task<string> HashAsync(TrainingJob job) => (await folder.RunAsync(job)).Events[^1].Model!.Sha256;

    private async Task StopAfterFirstEpochAsync(TrainingJob job)
    {
        using var stop = new CancellationTokenSource();
        var training = folder.RunAsync(job, stop.Token);
        await folder.SaidAsync("epoch");
        await stop.CancelAsync();
        await training;
    }

    private static async Task WaitForNewAsync(string path)
    {
        using var limit = new CancellationTokenSource(Limit);
        var before = File.GetLastWriteTimeUtc(path);
        while (File.GetLastWriteTimeUtc(path) == before)
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
