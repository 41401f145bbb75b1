using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;
using Fleet.Domain.Campaigns;
using Fleet.Kernels.Methods;
using Fleet.Os.Processes;
using Fleet.Protocol;
using Fleet.Tasks;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet sweep --task T --methods ... --compression ...</c>: a campaign from flags.</summary>
internal static class SweepCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var task = new Option<string>("--task")
        {
            Description = $"The task: {string.Join(", ", TaskCatalogue.All.Select(one => one.Name))}",
            HelpName = "TASK",
            Required = true,
        };
        var data = CampaignCommand.DataOption();
        var methods = List(
            "--methods", $"Methods to compare: {string.Join(", ", CellMethods.Names)}; dense is always among them", "METHOD,...", Word, "hmd", "lmf", "pruned");
        var compression = List("--compression", "Compression factors of each method", "FACTOR,...", Number<double>, 2.0, 4.0);
        var devices = List("--devices", "Only devices with all of these tags", "KEY=VALUE,...", Word);
        var hidden = new Option<int>("--hidden") { Description = "Units of the LSTM", HelpName = "N", DefaultValueFactory = _ => 64 };
        var epochs = new Option<int?>("--epochs") { Description = "Epochs of training", HelpName = "N" };
        var seeds = List("--seeds", "Seeds; each is a model of its own", "SEED,...", Number<long>, 1L);
        var modes = List("--modes", "window, streaming or both", "MODE,...", Word, "window", "streaming");
        var replicates = new Option<int>("--replicates") { Description = "How often each run is done", HelpName = "N", DefaultValueFactory = _ => 1 };
        var name = new Option<string?>("--name") { Description = "Name of the campaign", HelpName = "NAME" };
        var outFolder = CampaignCommand.OutOption();
        var detach = new Option<bool>("--detach") { Description = "Start it in the running silo and return" };
        var alwaysNew = new Option<bool>("--new") { Description = "Start anew, even where an unfinished campaign has the same content" };
        var print = new Option<bool>("--print") { Description = "Print the campaign file instead of running it" };
        var command = new Command("sweep", "Make a campaign from flags, and run it")
        {
            task, data, methods, compression, devices, hidden, epochs, seeds, modes, replicates, name, outFolder, detach, alwaysNew, print,
        };
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var text = SweepText.Of(new SweepFlags
            {
                Task = invocation.Get(task)!,
                Name = invocation.Get(name),
                Methods = invocation.Get(methods)!,
                Compression = invocation.Get(compression)!,
                Hidden = invocation.Get(hidden),
                Epochs = invocation.Get(epochs),
                Seeds = invocation.Get(seeds)!,
                Modes = invocation.Get(modes)!,
                Devices = invocation.Get(devices)!,
                Replicates = invocation.Get(replicates),
            });
            var file = new CampaignFile { Text = text, Source = "sweep" };
            if (invocation.Get(print))
            {
                invocation.Output.Result(text.TrimEnd('\n'));
                invocation.Output.Document(file, ProtocolJson.Indented.CampaignFile);
                return ExitCodes.Done;
            }

            return await invocation.Runner().RunAsync(
                new CampaignOrder
                {
                    File = file,
                    Data = new DataFolders(invocation.Get(data)!),
                    Out = invocation.Get(outFolder),
                    AlwaysNew = invocation.Get(alwaysNew),
                    Detach = invocation.Get(detach),
                    Again = "the same fleet sweep",
                },
                cancel).ConfigureAwait(false);
        }));
        return command;
    }

    private static Option<T[]> List<T>(string option, string description, string form, Func<ArgumentResult, string, T> parse, params T[] usual) => new(option)
    {
        Description = description,
        HelpName = form,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        [
            .. result.Tokens
                .SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(word => parse(result, word)),
        ],
    };

    private static string Word(ArgumentResult result, string word) => word;

    private static T Number<T>(ArgumentResult result, string word)
        where T : struct, INumber<T>
    {
        if (T.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: '{word}' is not a number.");
        return default;
    }
}
