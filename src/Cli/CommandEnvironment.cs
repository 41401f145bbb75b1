using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;
using Fleet.Cli.Packages;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.Cli;

/// <summary>What all commands need of the world; tests give their own.</summary>
internal sealed record CommandEnvironment
{
    public required Terminal Terminal { get; init; }
    public required TimeProvider Time { get; init; }
    public required IPrograms Programs { get; init; }
    public required Interruption Interruption { get; init; }
    public BuildTools Tools { get; init; } = BuildTools.OfProcess();
    public IReadOnlyList<DataSet> DataSets { get; init; } = DataSet.Published;

    /// <summary>Turns a handler of one invocation into a command's action.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Handle(Func<Invocation, CancellationToken, Task<int>> handler) =>
        (parsed, cancel) => handler(new Invocation(this, parsed), cancel);

    /// <inheritdoc cref="Handle"/>
    /// <remarks>For commands that only ask a silo, or tell it one thing.</remarks>
    public Func<ParseResult, CancellationToken, Task<int>> HandleWithSilo(Func<Invocation, SiloConnection, CancellationToken, Task> handler) =>
        Handle(async (invocation, cancel) =>
        {
            await using var silo = await invocation.Silos().OpenAsync(new SiloRequest(), cancel).ConfigureAwait(false);
            await handler(invocation, silo, cancel).ConfigureAwait(false);
            await silo.StopAsync(Interruption).ConfigureAwait(false);
            return ExitCodes.Done;
        });
}

/// <summary>One call of a command: its arguments, and what the global options say.</summary>
internal sealed class Invocation(CommandEnvironment environment, ParseResult parsed)
{
    public CommandEnvironment Environment => environment;

    public TimeProvider Time => environment.Time;

    public Output Output { get; } = new(environment.Terminal, parsed.GetValue(GlobalOptions.Json), parsed.GetValue(GlobalOptions.Quiet));

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    public SiloSource Silos() =>
        new(new SiloFinder(State(), environment.Time), environment.Programs, environment.Time, Output, environment.Interruption);

    /// <inheritdoc cref="SiloSource.Options"/>
    public string StateOption => Silos().Options;

    public DataStore Data() => new(Path.Combine(State(), "data"));

    public CampaignRunner Runner() => new(Silos(), Output, environment.Time, environment.Interruption);

    private string State()
    {
        try
        {
            return StateFolder.Resolve(parsed.GetValue(GlobalOptions.State));
        }
        catch (InvalidOperationException homeless)
        {
            throw CommandFailedException.Usage(homeless.Message);
        }
    }
}
