using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;
using Fleet.Cli.Failures;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Os.State;

namespace Fleet.Cli.Commands;

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
