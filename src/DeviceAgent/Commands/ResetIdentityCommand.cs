using System.CommandLine;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.State;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Commands;

/// <summary><c>fleet-agent reset-identity</c>: for a board whose state folder or SD card was copied from another one.</summary>
internal static class ResetIdentityCommand
{
    private static readonly Option<string?> State =
        StateOption.Create("The agent's state folder. Default: $FLEET_STATE/agent, else the XDG state folder's fleet/agent, as of 'run'.");

    public static Command Create()
    {
        var command = new Command(
            "reset-identity",
            "Gives this agent an identity of its own, where its state folder was copied from another board. The agent must not be running.")
        {
            State,
        };
        command.SetAction(parsed => Reset(parsed.GetValue(State)));
        return command;
    }

    private static int Reset(string? option)
    {
        try
        {
            var folder = StatePlace.OfAgent(option);
            Console.Out.WriteLine($"The agent of {folder} is now device {AgentFolder.ResetIdentity(folder)}. It enrols as a new one when it is started.");
            return ExitCodes.Done;
        }
        catch (AgentException error)
        {
            Console.Error.WriteLine($"fleet-agent: {error.Message}");
            return error.ExitCode;
        }
    }
}
