using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Data;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Domain.Tasks;
using Fleet.Os.Processes;
using Fleet.Reports.Quantities;
using Fleet.Reports.Terminal;
using Fleet.Tasks;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet data list|get|check</c>: the data sets that tasks are made of.</summary>
internal static class DataCommand
{
    public static Command Create(CommandEnvironment environment) => new("data", "List, fetch and check the data sets of tasks")
    {
        List(environment),
        Get(environment),
        Check(environment),
    };

    private static Command List(CommandEnvironment environment)
    {
        var command = new Command("list", "Show every task: its shape, where its data comes from, and whether it is here");
        command.SetAction(environment.Handle((invocation, _) =>
        {
            var store = invocation.Data();
            ListedTask[] listed =
            [
                .. from task in TaskCatalogue.All
                let data = SetOf(environment, task.Name)
                select new ListedTask(
                    task.Name, task.Description, task.Input, task.Steps, task.Classes,
                    data?.Page ?? (task.NeedsFolder ? "a text of your own" : "made by Fleet"),
                    data?.Licence, data?.Bytes, task.NeedsFolder, data is null ? null : store.Find(data)),
            ];
            var table = new TextTable(
            [
                new("task", Column.Always),
                new("steps", 40, Right: true),
                new("features", 40, Right: true),
                new("classes", 40, Right: true),
                new("source", 60),
                new("licence", 50),
                new("download", 30, Right: true),
                new("here", Column.Always),
            ]);
            foreach (var one in listed)
            {
                table.Add(
                    one.Task,
                    one.Steps.ToString(CultureInfo.InvariantCulture),
                    one.Input.ToString(CultureInfo.InvariantCulture),
                    one.Classes > 0 ? one.Classes.ToString(CultureInfo.InvariantCulture) : Quantity.None,
                    one.Source,
                    one.Licence ?? Quantity.None,
                    Quantity.Bytes(one.DownloadBytes),
                    one switch { { NeedsFolder: false } => "always", { Folder: not null } => new Cell("yes", Tone.Good), _ => "no" });
            }

            invocation.Output.Result(table.Draw(invocation.Output.Width));
            foreach (var one in listed)
            {
                invocation.Output.Result($"{one.Task}: {one.Description}{(one.Folder is null ? "" : $" In {one.Folder}")}");
            }

            invocation.Output.Document(listed, CommandJson.Default.ListedTaskArray);
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    private static Command Get(CommandEnvironment environment)
    {
        var task = TaskArgument();
        var command = new Command(
            "get", "Download a task's data set from where it is published, check it and unpack it; an interrupted download resumes") { task };
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var name = Known(invocation.Get(task)!);
            var store = invocation.Data();
            if (SetOf(environment, name) is not { } data)
            {
                throw CommandFailedException.Usage(TaskCatalogue.Find(name)!.NeedsFolder
                    ? $"{name} reads a text of your own: give it with --data."
                    : $"{name} needs no data: Fleet makes it itself.");
            }

            if (Directory.Exists(store.FolderOf(data)))
            {
                var here = store.Find(data)
                    ?? throw CommandFailedException.Usage(
                        $"{store.FolderOf(data)} is there, but holds no {data.Marker}.", "Delete the folder, and run the same command again.");
                invocation.Output.Result($"{name} is here already: {here}");
                invocation.Output.Document(new GottenData(name, here, store.ReadLock(data)?.Sha256, data.Sha256 is not null), CommandJson.Default.GottenData);
                return ExitCodes.Done;
            }

            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            var (folder, archive) = await new DataGetter(store, http, invocation.Output, invocation.Time).GetAsync(data, cancel).ConfigureAwait(false);
            invocation.Output.Result($"{name} is in {folder}");
            invocation.Output.Result($"Use it: --data {(folder.Contains(' ') ? $"\"{folder}\"" : folder)}   Check it: fleet data check {name}");
            invocation.Output.Document(new GottenData(name, folder, archive.Sha256, data.Sha256 is not null), CommandJson.Default.GottenData);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Check(CommandEnvironment environment)
    {
        var task = TaskArgument();
        var folder = new Argument<string?>("DIR")
        {
            Description = "Folder of the data set, for a task that takes one (else the one that 'data get' brought)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "check", "Read a data set, or what a task file describes, as a campaign would, and say what is wrong with it") { task, folder };
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var name = invocation.Get(task)! is var given && KnownTasks.IsFile(given) ? given : Known(given);
            var place = invocation.Get(folder) ?? (SetOf(environment, name) is { } data ? invocation.Data().Find(data) : null);
            var packed = await DataSender.PackAsync(name, place, cancel).ConfigureAwait(false);
            invocation.Output.Result($"{packed.Task} is sound: {packed.Summary}.");
            invocation.Output.Document(
                new CheckedData(
                    packed.Task,
                    packed.Input,
                    packed.Steps,
                    packed.Classes,
                    packed.TrainingSamples,
                    packed.TestSamples,
                    packed.Training.Sha256,
                    packed.Test.Sha256),
                CommandJson.Default.CheckedData);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Argument<string> TaskArgument() => new("TASK") { Description = $"One of {string.Join(", ", TaskCatalogue.All.Select(one => one.Name))}" };

    private static string Known(string name) => TaskCatalogue.Find(name) is not null
        ? name
        : throw CommandFailedException.Usage(
            $"There is no task '{name}'.",
            Suggestions.DidYouMean(name, TaskCatalogue.All.Select(one => one.Name))
                ?? $"There are: {string.Join(", ", TaskCatalogue.All.Select(one => one.Name))}.");

    private static DataSet? SetOf(CommandEnvironment environment, string task) => environment.DataSets.FirstOrDefault(data => data.Tasks.Contains(task));
}
