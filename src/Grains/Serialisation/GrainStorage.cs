using Fleet.Campaigns.Ports;

namespace Fleet.Grains.Serialisation;

/// <summary>The storage that the fleet's grains keep their state in.</summary>
public static class GrainStorage
{
    public const string Name = "fleet";

    /// <summary>Writes the new state; on failure the old one stands, in memory as on disk.</summary>
    internal static async Task SaveAsync<T>(this IPersistentState<T> state, T next)
    {
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch (OrleansException error) when (error.InnerException is OutOfSpaceException full)
        {
            // Orleans wraps what the storage throws; a full disk is told as what it is.
            state.State = before;
            throw full;
        }
        catch
        {
            state.State = before;
            throw;
        }
    }
}
