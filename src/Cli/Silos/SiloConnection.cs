using Fleet.Cli.Http;
using Fleet.Cli.Terminals;
using Fleet.Os.State;

namespace Fleet.Cli.Silos;

/// <summary>A silo that a command talks to: one that was there, or its own, which ends with the command.</summary>
internal sealed class SiloConnection(SiloAddress address, SiloClient client, OwnPrograms? own) : IAsyncDisposable
{
    public SiloAddress Address => address;

    public SiloClient Client => client;

    /// <summary>This command started it and answers for it.</summary>
    public bool Own => own is not null;

    /// <summary>Completes when one of the programs that this command started ended by itself; never, where it started none.</summary>
    /// <returns>What it was and what it said last.</returns>
    public Task<string> ProgramEndedAsync(CancellationToken cancel) =>
        own?.ProgramEndedAsync(cancel) ?? new TaskCompletionSource<string>().Task;

    /// <summary>Stops what this command started: with patience when all is done, in haste when interrupted, at once when told twice.</summary>
    public async Task StopAsync(Interruption interruption)
    {
        if (own is not null)
        {
            var stopped = interruption.Requested.IsCancellationRequested
                ? own.StopInHasteAsync(interruption.Forced)
                : own.StopAsync(interruption.Forced);
            await stopped.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (own is not null)
        {
            await own.DisposeAsync().ConfigureAwait(false);
        }
    }
}
