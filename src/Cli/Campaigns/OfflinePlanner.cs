using Fleet.Campaigns.Language;
using Fleet.Campaigns.Planning;
using Fleet.Cli.Data;
using Fleet.Cli.Data.Own;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Domain.Artefacts;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;
using Fleet.Tasks;

namespace Fleet.Cli.Campaigns;

/// <summary>Plans a campaign file with what is at hand: the data where it is given, the shape that the task is known to have where it is not.</summary>
internal sealed class OfflinePlanner(CampaignFile file, DataFolders folders, Output output, TimeProvider time)
{
    // What stands for data that nobody has read. The key of no variant is made of it.
    private static readonly string Unread = new('0', ArtefactName.Length);

    // The Penn Treebank's, which the word task is usually given; tiny-shakespeare's for characters.
    private const int UsualWords = 10_000;
    private const int UsualCharacters = 65;

    private double? speed;

    /// <summary>One for each campaign of the file.</summary>
    /// <exception cref="CommandFailedException">Data or a model that is given is wrong.</exception>
    public async Task<IReadOnlyList<CampaignSubmission>> SubmissionsAsync(CampaignCheck check, CancellationToken cancel)
    {
        var data = new Dictionary<string, TaskData>();
        foreach (var (task, folder) in folders.ForPlan(check.Tasks, task => TaskCatalogue.Find(task)?.NeedsFolder ?? false))
        {
            data[task] = await DataAsync(task, folder, cancel).ConfigureAwait(false);
        }

        var model = check.Import is { } import && data.Values.ToArray() is [var only]
            ? (await ModelSender.ImportAsync(file.Source, import, only, output, cancel).ConfigureAwait(false)).Model
            : null;
        return check.Benchmarks.Count == 0
            ? [new CampaignSubmission { File = file, Data = [.. data.Values], Model = model }]
            :
            [
                .. check.Benchmarks.Select(benchmark => new CampaignSubmission
                {
                    File = file with { Benchmark = benchmark.Name },
                    Data = [.. benchmark.Tasks.Select(task => data[task])],
                }),
            ];
    }

    /// <summary>A plan of this machine alone.</summary>
    /// <exception cref="CommandFailedException">The file is wrong where it meets its data.</exception>
    public CampaignPlan Plan(CampaignSubmission submission)
    {
        var (specification, problems) = CampaignFiles.Bind(submission);
        return specification is null
            ? throw CampaignRunner.Mistakes(file, problems)
            : CampaignPlanner.Plan(specification, new PlanningFacts
            {
                TrainingsAtOnce = 1,
                MacsPerSecond = IsRead(submission) ? speed ??= SpeedProbe.MacsPerSecond(time) : null,
                Devices = specification.Devices.Length > 0 ? [] : [ThisMachine(specification.RunsPerDevice)],
            });
    }

    private async Task<TaskData> DataAsync(string task, string? folder, CancellationToken cancel)
    {
        var definition = TaskCatalogue.Find(task);
        if (folder is not null || definition is { NeedsFolder: false })
        {
            output.Progress(folder is null ? $"Making the data of {task} ..." : $"Reading {task} from {folder} ...");
            return DataSender.Describe(await DataSender.PackAsync(task, folder, cancel).ConfigureAwait(false));
        }

        if (definition is not null)
        {
            return Shape(
                task,
                definition.Input,
                definition.Steps,
                definition.ReadsTokens ? task.StartsWith("word", StringComparison.Ordinal) ? UsualWords : UsualCharacters : definition.Classes);
        }

        var own = TaskFile.Read(Path.Combine(Path.GetDirectoryName(file.Source) ?? "", task));
        return File.Exists(own.Training.Inputs) && File.Exists(own.Test.Inputs)
            ? DataSender.Describe(await DataSender.PackAsync(Path.Combine(Path.GetDirectoryName(file.Source) ?? "", task), null, cancel).ConfigureAwait(false))
            : Shape(own.Task, own.Channels.Count, 1, own.Labels.Count);
    }

    private static TaskData Shape(string task, int input, int steps, int classes) => new()
    {
        Task = task,
        TrainingSha256 = Unread,
        TestSha256 = Unread,
        Input = input,
        Steps = steps,
        Classes = classes,
        TrainingSamples = 1,
        TestSamples = 1,
    };

    private static PlannedDevice ThisMachine(int runs) => new()
    {
        Device = "",
        Name = Environment.MachineName,
        Board = "this machine",
        Arch = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        Runs = runs,
    };

    /// <summary>Whether the submission's data was read, and not only its shape taken as known.</summary>
    public static bool IsRead(CampaignSubmission submission) => submission.Data.All(data => data.TrainingSha256 != Unread);
}
