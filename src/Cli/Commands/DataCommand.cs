using System.CommandLine;
using Fleet.Cli.Data;
using Fleet.Protocol;
using Fleet.Tasks;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet data check TASK [DIR]</c>: is this folder what the task expects?</summary>
internal static class DataCommand
{
    public static Command Create(CommandEnvironment environment) => new("data", "Look at data sets on this machine")
    {
        Check(environment),
    };

    private static Command Check(CommandEnvironment environment)
    {
        var task = new Argument<string>("TASK") { Description = $"One of {string.Join(", ", TaskCatalogue.All.Select(one => one.Name))}" };
        var folder = new Argument<string?>("DIR") { Description = "Folder of the data set, for a task that takes one", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "Read a data set as a campaign would, and say what is wrong with it") { task, folder };
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var name = invocation.Get(task)!;
            if (TaskCatalogue.Find(name) is null)
            {
                throw CommandFailedException.Usage(
                    $"There is no task '{name}'.",
                    Suggestions.DidYouMean(name, TaskCatalogue.All.Select(one => one.Name)) ?? $"There are: {string.Join(", ", TaskCatalogue.All.Select(one => one.Name))}.");
            }

            var packed = await DataSender.PackAsync(name, invocation.Get(folder), cancel).ConfigureAwait(false);
            invocation.Output.Result($"{name} is sound: {packed.TrainingSamples} training and {packed.TestSamples} test sequences of {packed.Steps} steps x {packed.Input} features, {packed.Classes} classes.");
            invocation.Output.Document(
                new CheckedData(name, packed.Input, packed.Steps, packed.Classes, packed.TrainingSamples, packed.TestSamples, packed.Training.Sha256, packed.Test.Sha256),
                CliJson.Default.CheckedData);
            return ExitCodes.Done;
        }));
        return command;
    }
}
