using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Os.Files;
using Fleet.Os.Processes;
using Fleet.Os.State;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Silos;

/// <summary>Finds the running silo of a state folder.</summary>
internal sealed class SiloFinder(string stateFolder, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public string StateFolder => stateFolder;

    /// <summary>Where the folder's token lies.</summary>
    public string TokenPath => Path.Combine(stateFolder, AccessToken.FileName);

    /// <summary>
    /// The silo that holds this very folder; null where none does, or it is not ready yet. An address alone proves nothing: it is left
    /// over when a silo was killed, its port may be somebody else's since, and a copied folder has the address of the original's silo.
    /// </summary>
    /// <exception cref="SiloUnreachableException">There is one, and it does not answer.</exception>
    /// <exception cref="CommandFailedException">There is one that cannot be called.</exception>
    public async Task<(SiloAddress Address, SiloClient Client)?> FindAsync(CancellationToken cancel)
    {
        // The lock is on this folder's own file, and the kernel drops it with the silo.
        if (SiloAddress.TryRead(stateFolder) is not { } address || !IsHeld())
        {
            return null;
        }

        var client = new SiloClient(Loopback(address), Token());
        try
        {
            using var limit = new CancellationTokenSource(AnswerLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            if (IsOurs(await client.InfoAsync(either.Token).ConfigureAwait(false), address))
            {
                var found = (address, client);
                client = null;
                return found;
            }
        }
        catch (TokenRefusedException refused)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"The silo of {stateFolder} (process {address.ProcessId}) does not accept the token in {TokenPath}. {refused.Message}",
                "Was the file deleted or replaced while the silo ran? Stop the silo and start it again.");
        }
        catch (CommandFailedException)
        {
            // Nobody listens, or no silo does: the one that holds the folder has not written its own address yet.
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
            using var mine = FileLock.TryShared(Path.Combine(stateFolder, Os.State.StateFolder.LockFileName));
            return mine is null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool IsOurs(SiloDescription silo, SiloAddress address) =>
        silo.ProcessId == address.ProcessId && (silo.StateIdentity is null || silo.StateIdentity == Identity());

    private string? Identity()
    {
        try
        {
            return StateIdentity.TryRead(stateFolder)?.ToString();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"The state folder {stateFolder} cannot be read: {error.Message}",
                "Run this as the user whose silo it is, or give another folder with --state DIR.");
        }
    }

    private AccessToken? Token()
    {
        try
        {
            return AccessToken.TryRead(TokenPath);
        }
        catch (AccessTokenException error)
        {
            throw new CommandFailedException(ExitCodes.Failed, error.Message);
        }
    }

    // The token must not go to another machine, whatever the file says.
    private Uri Loopback(SiloAddress address) =>
        Uri.TryCreate(address.Http, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback
            ? uri
            : throw new CommandFailedException(
                ExitCodes.Failed,
                $"{Path.Combine(stateFolder, SiloAddress.FileName)} names '{address.Http}', which is not a silo's address on this machine.",
                $"Stop the silo (process {address.ProcessId}) and start it again: it writes the file anew.");
}
