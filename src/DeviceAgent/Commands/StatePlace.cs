using System.CommandLine;
using Fleet.Protocol;
using Fleet.Protocol.Processes;

namespace Fleet.DeviceAgent.Commands;

/// <summary>Where state is on this machine.</summary>
internal static class StatePlace
{
    /// <summary><c>--state</c></summary>
    public static Option<string?> Option(string description)
    {
        var option = new Option<string?>("--state") { Description = description, HelpName = "DIR" };
        option.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
            {
                result.AddError(StateFolder.EmptyOption);
            }
        });
        return option;
    }

    /// <summary>The agent's own folder unless told: beside the silo's files, under the same variable.</summary>
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
