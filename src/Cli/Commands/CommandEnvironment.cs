using System.CommandLine;
using Fleet.Cli.Data;
using Fleet.Cli.Packages;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Os.Processes;

namespace Fleet.Cli.Commands;

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
