using Fleet.Os.Files;
using Fleet.Os.State;
using Fleet.Silo.Configuration;

namespace Fleet.Silo.Hosting;

/// <summary>What a state folder gives its silo to be known and called by.</summary>
internal sealed record SiloAccess(StateIdentity Identity, AccessToken Token)
{
    /// <exception cref="SiloException">One of the two files cannot be read or written.</exception>
    public static SiloAccess Open(string state)
    {
        try
        {
            return new SiloAccess(StateIdentity.ReadOrCreate(state), AccessToken.ReadOrCreate(state));
        }
        catch (AccessTokenException error)
        {
            throw new SiloException(error.Message, error);
        }
        catch (Exception error) when ((error is IOException && !DiskSpace.IsExhausted(error)) || error is UnauthorizedAccessException)
        {
            throw new SiloException(
                $"{StateIdentity.FileName} and {AccessToken.FileName} in the state folder {state} cannot be read or written: {error.Message} Delete them"
                    + " for new ones, or choose another folder with --state.",
                error);
        }
    }
}
