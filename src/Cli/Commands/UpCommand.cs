using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Failures;
using Fleet.Cli.Silos;
using Fleet.Os.Network;
using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet up</c>: a silo that stays, with an agent on this machine, in the foreground.</summary>
internal static class UpCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var noAgent = new Option<bool>("--no-agent") { Description = "Only the silo; boards, or fleet-agent run, do the measuring" };
        var http = Address("--http", "Address of the HTTP API", "127.0.0.1:5080");
        var grpc = Address("--grpc", "Address for agents", "127.0.0.1:5081");
        Option<int?>[] training =
        [
            Number("--training-slots", "Trainings at once; as many as there are cores and memory for, if not given"),
            Number("--training-threads", "Threads of each training; the cores that are idle when it begins, if not given"),
            Number("--training-memory", "MiB of memory for all trainings together; three quarters of the machine's, if not given"),
        ];
        var setAside = new Option<bool>("--set-aside-damaged")
        {
            Description = "Keep what is damaged in the state folder under another name, take over what can still be read, and go on",
        };
        var command = new Command("up", "Run a silo and an agent on this machine until Ctrl-C") { noAgent, http, grpc, setAside };
        Array.ForEach(training, command.Options.Add);
        command.SetAction(environment.Handle((invocation, cancel) => RunAsync(
            invocation,
            new SiloRequest
            {
                WithAgent = !invocation.Get(noAgent),
                Http = invocation.Get(http)!,
                Grpc = invocation.Get(grpc)!,
                Options =
                [
                    .. invocation.Get(setAside) ? (string[])[setAside.Name] : [],
                    .. training.SelectMany(
                        option => invocation.Get(option) is { } value ? (string[])[option.Name, value.ToString(CultureInfo.InvariantCulture)] : []),
                ],
                Log = invocation.Output.Quiet ? null : invocation.Output.Progress,
            },
            cancel)));
        return command;
    }

    private static Option<string> Address(string name, string description, string fallback)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            try
            {
                LoopbackAddress.Parse(result.GetValueOrDefault<string>() ?? "", name);
            }
            catch (FormatException error)
            {
                result.AddError(error.Message);
            }
        });
        return option;
    }

    // How large it may be, the silo says.
    private static Option<int?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0)
            {
                return value;
            }

            result.AddError($"{name} is '{result.Tokens[0].Value}', but must be a whole number, 1 or more.");
            return null;
        },
    };

    private static async Task<int> RunAsync(Invocation invocation, SiloRequest request, CancellationToken cancel)
    {
        var output = invocation.Output;
        await using var silo = await invocation.Silos().OpenAsync(request, cancel).ConfigureAwait(false);
        if (!silo.Own)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"A silo of the state folder {invocation.Silos().StateFolder} runs already (process {silo.Address.ProcessId}):"
                    + $" {silo.Address.Http}, agents at {silo.Address.Grpc}.",
                "Use it, stop it, or give another state folder with --state DIR.");
        }

        output.Result($"Silo:    {silo.Address.Http}");
        output.Result($"Agents:  {silo.Address.Grpc}");
        output.Result($"State:   {invocation.Silos().StateFolder}");
        output.Result($"Token:   {Path.Combine(invocation.Silos().StateFolder, AccessToken.FileName)} (boards and Prometheus need what it holds)");
        output.Result("Ctrl-C stops everything. Campaigns that are running then resume at the next start.");
        output.Document(silo.Address, SiloAddressJson.Indented.SiloAddress);
        try
        {
            var ended = await silo.ProgramEndedAsync(cancel).ConfigureAwait(false);
            throw new CommandFailedException(ExitCodes.Failed, ended);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Asked for: that is how it ends.
            await silo.StopAsync(invocation.Environment.Interruption).ConfigureAwait(false);
            output.Progress("Stopped.");
            return ExitCodes.Done;
        }
    }
}
