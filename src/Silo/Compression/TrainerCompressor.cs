using System.Diagnostics;
using System.Text.Json;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Os.Files;
using Fleet.Os.Processes;
using Fleet.Protocol;
using Fleet.Protocol.Training;
using Fleet.Silo.Configuration;

namespace Fleet.Silo.Compression;

/// <summary>
/// Trains in a child process of lower priority, in a bounded number of slots that campaigns get in turn, with checkpoints under the state folder.
/// </summary>
internal sealed partial class TrainerCompressor(
    SiloOptions options,
    IArtefactStore artefacts,
    IArtefactFiles files,
    IHostApplicationLifetime lifetime,
    ILogger<TrainerCompressor> logger) : ICompressor
{
    private const int ThreadsOfMoments = 4;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);
    private readonly FairSlots slots = new(options.TrainingsAtOnce, Environment.ProcessorCount, options.TrainingThreads);

    public async Task<TrainedModel> CompressAsync(
        CompressionRequest request, Func<IReadOnlyList<string>> campaigns, IProgress<TrainingEvent> progress, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        using var slot = await slots.TakeAsync(campaigns, UsefulThreads(request.Recipe), stop.Token).ConfigureAwait(false);
        try
        {
            return await TrainAsync(request, slot.Threads, progress, stop.Token).ConfigureAwait(false);
        }
        catch (IOException error) when (DiskSpace.IsExhausted(error))
        {
            throw new OutOfSpaceException($"The disk under {options.State} is full: {error.Message}", error);
        }
    }

    public void Forget(string variant)
    {
        try
        {
            Directory.Delete(FolderOf(variant), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Forgotten already, or trained by another silo.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It takes room and does no harm, and is tried again the next time that somebody wants the variant.
            LogNotForgotten(variant, error.Message);
        }
    }

    // Threads share the micro-batches of a training batch. Quantising and evaluating could use more, but take only seconds.
    private static int UsefulThreads(Recipe recipe) => recipe.QuantisesTrained || recipe.Import is not null
        ? ThreadsOfMoments
        : (recipe.Training.BatchSize + TrainingSettings.MicroBatchSize - 1) / TrainingSettings.MicroBatchSize;

    private string FolderOf(string variant) => Path.Combine(options.State, "training", variant);

    private async Task<TrainedModel> TrainAsync(CompressionRequest request, int threads, IProgress<TrainingEvent> progress, CancellationToken cancel)
    {
        if (await artefacts.FindAsync(request.TrainingDataSha256, cancel).ConfigureAwait(false) is null)
        {
            throw new CompressionFailedException(
                $"The training data {request.TrainingDataSha256} is not in the store. Submit the campaign again with its data.");
        }

        if (request.DenseModelSha256 is { } missing && await artefacts.FindAsync(missing, cancel).ConfigureAwait(false) is null)
        {
            throw new CompressionFailedException(request.Recipe.Import is null
                ? $"The model {missing} that it learns from is not in the store. Submit the campaign again, and it is trained anew."
                : $"The imported model {missing} is not in the store. Submit the campaign again with its model.");
        }

        var folder = Directory.CreateDirectory(FolderOf(request.Variant)).FullName;
        var output = Path.Combine(folder, "model.safetensors");
        var job = new TrainingJob
        {
            Variant = request.Variant,
            VariantName = request.VariantName,
            Task = request.Task,
            Recipe = request.Recipe,
            Seed = request.Seed,
            TrainingDataPath = files.PathOf(request.TrainingDataSha256),
            TrainingDataSha256 = request.TrainingDataSha256,
            DenseModelPath = request.DenseModelSha256 is { } dense ? files.PathOf(dense) : null,
            DenseModelSha256 = request.DenseModelSha256,
            Threads = threads,
            MemoryBytes = options.TrainingMemoryBytes / options.TrainingsAtOnce,
            CheckpointFolder = Path.Combine(folder, "checkpoints"),
            OutputPath = output,
        };
        var jobFile = Path.Combine(folder, "job.json");
        await File.WriteAllTextAsync(jobFile, JsonSerializer.Serialize(job, ProtocolJson.Default.TrainingJob), cancel).ConfigureAwait(false);

        var model = await RunToTheEndAsync(request.VariantName, jobFile, progress, cancel).ConfigureAwait(false);
        await using (var content = OpenModel(output))
        {
            try
            {
                await artefacts.PutAsync(model.Sha256, content, cancel).ConfigureAwait(false);
            }
            catch (InvalidDataException error)
            {
                throw new CompressionFailedException($"The trainer's model is not what it said: {error.Message}");
            }
        }

        return model;
    }

    private async Task<TrainedModel> RunToTheEndAsync(string variant, string jobFile, IProgress<TrainingEvent> progress, CancellationToken cancel)
    {
        var deaths = new TrainerDeaths();
        while (true)
        {
            try
            {
                return await RunAsync(variant, jobFile, progress, cancel).ConfigureAwait(false);
            }
            catch (TrainerKilledException death) when (deaths.Count(death.Epoch))
            {
                LogKilled(variant, death.Message);
            }
            catch (TrainerKilledException death)
            {
                throw new CompressionFailedException(
                    $"{death.Message} That was {TrainerDeaths.MaxInPlace} times in a row without an epoch more: is there enough memory?");
            }
        }
    }

    private async Task<TrainedModel> RunAsync(string variant, string jobFile, IProgress<TrainingEvent> progress, CancellationToken cancel)
    {
        var conversation = new TrainerConversation(progress);
        await using var child = Start(jobFile, conversation);
        LogStarted(variant, child.Id);
        LowerPriority(child.Id);
        try
        {
            await child.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await child.StopAsync(StopGrace).ConfigureAwait(false);
            throw;
        }

        return conversation.Conclude(child.ExitCode);
    }

    private static ChildProcess Start(string jobFile, TrainerConversation conversation)
    {
        try
        {
            return ChildProcess.Start(FleetProgram.Trainer.StartInfo("--job", jobFile), conversation.Output, conversation.Error);
        }
        catch (Exception error) when (error is FileNotFoundException or System.ComponentModel.Win32Exception)
        {
            throw new CompressionFailedException($"The trainer cannot be started: {error.Message}");
        }
    }

    private static FileStream OpenModel(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (IOException error)
        {
            throw new CompressionFailedException($"The trainer said that it was done, but its model cannot be read: {error.Message}");
        }
    }

    private void LowerPriority(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended already, or may not be asked: it trains as it is.
            LogPriority(id, error.Message);
        }
    }
}
