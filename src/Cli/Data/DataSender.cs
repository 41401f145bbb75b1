using Fleet.Cli.Data.Own;
using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Cli.Terminals;
using Fleet.Domain.Tasks;
using Fleet.Reports.Quantities;
using Fleet.Tasks;
using Fleet.Tasks.Data;
using Fleet.Tasks.Packs;

namespace Fleet.Cli.Data;

/// <summary>Packs data sets on this machine and brings the packs to the silo, each only if it is not there yet.</summary>
/// <param name="place">The folder that task files are relative to.</param>
internal sealed class DataSender(SiloClient client, string place, Output output, TimeProvider time)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(2);

    /// <exception cref="CommandFailedException">A data set is missing or wrong; the message names file and line.</exception>
    public async Task<IReadOnlyList<TaskData>> SendAsync(IReadOnlyList<string> tasks, DataFolders folders, CancellationToken cancel)
    {
        var bound = new List<TaskData>();
        foreach (var (task, folder) in folders.For(tasks, NeedsFolder))
        {
            output.Progress(
                KnownTasks.IsFile(task) ? $"Reading {task} ..." : folder is null ? $"Making the data of {task} ..." : $"Reading {task} from {folder} ...");
            var packed = await PackAsync(KnownTasks.IsFile(task) ? Path.Combine(place, task) : task, folder, cancel).ConfigureAwait(false);
            await SendAsync(packed.Training, $"training data of {task}", cancel).ConfigureAwait(false);
            await SendAsync(packed.Test, $"test data of {task}", cancel).ConfigureAwait(false);
            bound.Add(Describe(packed));
        }

        return bound;
    }

    /// <param name="task">The name of a task, or the path of a task file.</param>
    /// <inheritdoc cref="SendAsync(IReadOnlyList{string}, DataFolders, CancellationToken)" path="/exception"/>
    public static async Task<PackedTask> PackAsync(string task, string? folder, CancellationToken cancel)
    {
        try
        {
            return await Task.Run(() => KnownTasks.IsFile(task) ? OwnTasks.Pack(task) : TaskCatalogue.Pack(task, folder), cancel)
                .WaitAsync(cancel)
                .ConfigureAwait(false);
        }
        catch (TaskDataException wrong)
        {
            throw CommandFailedException.Usage(wrong.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage($"The data of {task} cannot be read: {error.Message}");
        }
    }

    // A task that the silo knows and this CLI does not is left to fail where it is packed, with the known ones named.
    private static bool NeedsFolder(string task) => TaskCatalogue.Find(task)?.NeedsFolder ?? false;

    public static TaskData Describe(PackedTask packed) => new()
    {
        Task = packed.Task,
        TrainingSha256 = packed.Training.Sha256,
        TestSha256 = packed.Test.Sha256,
        Input = packed.Input,
        Steps = packed.Steps,
        Classes = packed.Classes,
        TrainingSamples = packed.TrainingSamples,
        TestSamples = packed.TestSamples,
    };

    private async Task SendAsync(PackedFile file, string what, CancellationToken cancel)
    {
        if (await client.HasArtefactAsync(file.Sha256, cancel).ConfigureAwait(false))
        {
            return;
        }

        var reported = time.GetTimestamp();
        await client.PutArtefactAsync(file.Sha256, file.Bytes, new Listener(Report), cancel).ConfigureAwait(false);

        // Small packs are there at once; only a wait is worth a word.
        void Report(long sent)
        {
            if (time.GetElapsedTime(reported) >= ReportEvery)
            {
                reported = time.GetTimestamp();
                output.Progress($"Sending the {what}: {Quantity.Bytes(sent)} of {Quantity.Bytes(file.Bytes.Length)}");
            }
        }
    }

    // System.Progress would report later, from another thread.
    private sealed class Listener(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
