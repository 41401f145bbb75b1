using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Domain.Text;
using Fleet.Kernels.Structures;
using Fleet.Os.Machines;
using Fleet.Protocol;
using Fleet.Protocol.Training;
using Fleet.Tasks;
using Fleet.Tasks.Packs;
using Fleet.Trainer.Jobs;
using Fleet.Training.Runs;

namespace Fleet.Trainer.Tests.Jobs;

/// <summary>A job on the synthetic task, small enough for a second, with everything it needs in a folder of its own.</summary>
internal sealed class JobFolder : IDisposable
{
    private static readonly PackedTask Packed = TaskCatalogue.Pack("synthetic-har", folder: null);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string root = Directory.CreateTempSubdirectory("fleet-job-").FullName;

    private volatile LineQueue? said;

    public JobFolder()
    {
        File.WriteAllBytes(DataPath, Packed.Training.Bytes);
        Machine = new MachineLock(TimeProvider.System, LockFolder);
    }

    public MachineLock Machine { get; }

    public string LockFolder => Path.Combine(root, "machine");

    public string DataPath => Path.Combine(root, "training.pack");

    /// <summary>Of the training part, those that are held back included.</summary>
    public int Samples { get; } = PackedSet.Read(Packed.Training.Bytes, "pack").Data.Samples;

    public string JobPath => Path.Combine(root, "job.json");

    public string CheckpointPath(string attempt = "a") => Path.Combine(root, attempt, Checkpoint.FileName);

    public string OutputPath(string attempt) => Path.Combine(root, attempt + ".safetensors");

    public TrainingJob Job(string method = "hmd", double compression = 2, int threads = 1, int epochs = 3, string attempt = "a") => new()
    {
        Variant = $"{method}-{epochs}",
        VariantName = method,
        Task = "synthetic-har",
        Recipe = new Recipe
        {
            Cell = CellShape.Lstm,
            Hidden = 16,
            Method = method,
            Compression = compression,
            Training = new TrainingSettings { Epochs = epochs, BatchSize = 48, LearningRate = 0.02, ValidationFraction = 0.2 },
        },
        Seed = 1,
        TrainingDataPath = DataPath,
        TrainingDataSha256 = Packed.Training.Sha256,
        Threads = threads,
        CheckpointFolder = Path.Combine(root, attempt),
        OutputPath = OutputPath(attempt),
    };

    public void Write(TrainingJob job) => File.WriteAllText(JobPath, JsonSerializer.Serialize(job, ProtocolJson.Default.TrainingJob));

    /// <summary>Does the job in this process.</summary>
    public async Task<(IReadOnlyList<TrainingEvent> Events, string Messages)> RunAsync(
        TrainingJob job, CancellationToken cancel = default, TimeProvider? time = null)
    {
        var output = new LineQueue();
        said = output;
        var messages = new StringWriter();
        try
        {
            await new JobRunner(new TrainingEventWriter(output), messages, Machine, time ?? TimeProvider.System).RunAsync(job, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // What was said until then is what the test looks at.
        }

        return (Parse(output.Text), messages.ToString());
    }

    /// <summary>Waits until the job that runs has said this.</summary>
    public async Task SaidAsync(string kind)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (said is null || Parse(said.Text).All(line => line.Event.Word() != kind))
        {
            await Task.Delay(5, limit.Token);
        }
    }

    public static IReadOnlyList<TrainingEvent> Parse(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, ProtocolJson.Default.TrainingEvent)!)];

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>Text that one thread writes and another looks at.</summary>
    private sealed class LineQueue : TextWriter
    {
        private readonly ConcurrentQueue<string> lines = new();

        public override Encoding Encoding => Encoding.UTF8;

        public string Text => string.Concat(lines);

        public override void Write(string? value) => lines.Enqueue(value ?? "");
    }
}
