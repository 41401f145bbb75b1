using Fleet.DeviceAgent.Diagnostics;
using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.DeviceAgent.State;

/// <summary>Where state is on this machine.</summary>
internal static class StatePlace
{
    /// <summary>The agent's own folder: by default beside the silo's files, under the same variable.</summary>
    /// <param name="option"><c>--state</c>, where it was given.</param>
    /// <exception cref="AgentException">The option is empty, or there is no place for it.</exception>
    public static string OfAgent(string? option) => option is null ? Path.Combine(OfSilo(), "agent") : Resolve(option);

    /// <summary>Of the silo on this machine, if one is.</summary>
    /// <inheritdoc cref="OfAgent" path="/exception"/>
    public static string OfSilo() => Resolve(null);

    private static string Resolve(string? option)
    {
        try
        {
            return StateFolder.Resolve(option);
        }
        catch (InvalidOperationException error)
        {
            throw new AgentException(error.Message, ExitCodes.Usage);
        }
    }
}
