using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Os.Files;
using Fleet.Os.Processes;

namespace Fleet.Cli;

/// <summary>The <c>fleet</c> command: its tree of commands, and how each of them ends.</summary>
internal static class FleetCommandLine
{
    public static async Task<int> RunProcessAsync(string[] arguments)
    {
        using var interruption = new Interruption(TimeProvider.System);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
        var environment = new CommandEnvironment
        {
            Terminal = Terminal.OfProcess(),
            Time = TimeProvider.System,
            Programs = new ChildPrograms(),
            Interruption = interruption,
        };
        return await RunAsync(arguments, environment).ConfigureAwait(false);

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interruption.Signal();
        }
    }

    public static async Task<int> RunAsync(string[] arguments, CommandEnvironment environment)
    {
        var root = Build(environment);
        var parsed = root.Parse(arguments);
        var output = new Invocation(environment, parsed).Output;
        try
        {
            if (parsed.Action is ParseErrorAction)
            {
                throw WrongUsage(parsed);
            }

            var configuration = new InvocationConfiguration
            {
                Output = environment.Terminal.Out,
                Error = environment.Terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Interruption decides how a command ends.
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, environment.Interruption.Requested).ConfigureAwait(false);
        }
        catch (CommandFailedException failure)
        {
            return Fail(failure);
        }
        catch (OperationCanceledException) when (environment.Interruption.Requested.IsCancellationRequested)
        {
            return Fail(new CommandFailedException(ExitCodes.Interrupted, "Interrupted."));
        }
        catch (Exception error) when (DiskSpace.IsExhausted(error))
        {
            return Fail(
                new CommandFailedException(
                    ExitCodes.Failed, $"The disk is full: {error.Message}", "Free some space, or write to another place, and try again."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail(new CommandFailedException(ExitCodes.Failed, error.Message));
        }
        catch (Exception mistake)
        {
            // Ours, not the person's: all of it is shown, so that it can be reported.
            return Fail(new CommandFailedException(ExitCodes.Failed, $"This should not have happened: {mistake}"));
        }

        int Fail(CommandFailedException failure)
        {
            try
            {
                output.Failure(failure);
            }
            catch (IOException)
            {
                // The terminal is gone (SIGHUP): nobody is left to read it.
            }

            // What fails while everything is being stopped fails because of that.
            var isConsequence = environment.Interruption.Requested.IsCancellationRequested && failure.ExitCode is (ExitCodes.Failed or ExitCodes.Unreachable);
            return isConsequence ? ExitCodes.Interrupted : failure.ExitCode;
        }
    }

    // No RootCommand: that would call itself after the assembly.
    private static Command Build(CommandEnvironment environment) =>
        new("fleet", "Finds out which compressed RNN really is the best one on the boards you own.")
        {
            new HelpOption(),
            new VersionOption(),
            GlobalOptions.State,
            GlobalOptions.Json,
            GlobalOptions.Quiet,
            QuickstartCommand.Create(environment),
            UpCommand.Create(environment),
            CampaignCommand.Create(environment),
            SweepCommand.Create(environment),
            DeviceCommand.Create(environment),
            JobCommand.Create(environment),
            WhyCommand.Create(environment),
            DataCommand.Create(environment),
            AgentCommand.Create(environment),
            ModelCommand.Create(environment),
        };

    private static CommandFailedException WrongUsage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Join(' ', Path(parsed.CommandResult).Reverse());
        if (parsed.UnmatchedTokens is [var stray, ..])
        {
            var known = command.Subcommands.Select(sub => sub.Name)
                .Concat(command.Options.Select(option => option.Name))
                .Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive).Select(option => option.Name));
            return CommandFailedException.Usage($"'{path}' does not take '{stray}'.", Suggestions.DidYouMean(stray, known) ?? $"See: {path} --help");
        }

        return command.Subcommands.Count > 0 && parsed.Errors.Count == 1
            ? CommandFailedException.Usage(
                $"'{path}' needs a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}.", $"See: {path} --help")
            : CommandFailedException.Usage(string.Join(' ', parsed.Errors.Select(error => error.Message).Distinct()), $"See: {path} --help");
    }

    private static IEnumerable<string> Path(CommandResult result)
    {
        for (SymbolResult? one = result; one is CommandResult inner; one = one.Parent)
        {
            yield return inner.Command.Name;
        }
    }
}
