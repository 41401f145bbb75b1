using Fleet.Campaigns.Ports;

namespace Fleet.Silo.Storage;

/// <summary>Finds a damaged state behind what Orleans makes of it.</summary>
internal static class DamagedState
{
    /// <summary>What is damaged and the way out; null where the failure is another.</summary>
    public static string? Explain(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is StorageException)
            {
                return cause.Message;
            }
        }

        return null;
    }
}
