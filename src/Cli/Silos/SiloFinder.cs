using Fleet.Cli.Http;
using Fleet.Protocol.Processes;

namespace Fleet.Cli.Silos;

/// <summary>Finds the running silo of a state folder.</summary>
internal sealed class SiloFinder(string stateFolder, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public string StateFolder => stateFolder;

    /// <summary>The silo that wrote <c>silo.json</c>, if it still answers as the process that it was; null where none runs.</summary>
    /// <exception cref="SiloUnreachableException">There is one, and it does not answer.</exception>
    public async Task<(SiloAddress Address, SiloClient Client)?> FindAsync(CancellationToken cancel)
    {
        if (SiloAddress.TryRead(stateFolder) is not { } address || !Uri.TryCreate(address.Http, UriKind.Absolute, out var uri))
        {
            return null;
        }

        var client = new SiloClient(uri);
        try
        {
            using var limit = new CancellationTokenSource(AnswerLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            // After a crash, the port may belong to somebody else by now, even to the silo of another state folder.
            if ((await client.InfoAsync(either.Token).ConfigureAwait(false)).ProcessId == address.ProcessId)
            {
                var found = (address, client);
                client = null;
                return found;
            }
        }
        catch (CommandFailedException)
        {
            // Nobody listens, or no silo does: the file is left over from one that was killed.
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SiloUnreachableException(
                $"The silo of {stateFolder} (process {address.ProcessId}, {address.Http}) has not answered for {AnswerLimit.TotalSeconds:0} s.",
                $"Look at its log, or stop it (kill {address.ProcessId}) and try again.");
        }
        finally
        {
            client?.Dispose();
        }

        return null;
    }

    /// <summary>Some silo holds the state folder, be it ready or on its way.</summary>
    public bool IsHeld()
    {
        try
        {
            using var mine = FileLock.TryShared(Path.Combine(stateFolder, SiloAddress.LockFileName));
            return mine is null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
