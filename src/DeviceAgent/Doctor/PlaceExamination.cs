using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.State;
using Fleet.Os.Machines;

namespace Fleet.DeviceAgent.Doctor;

/// <summary>Whether the agent may write where it must.</summary>
internal static class PlaceExamination
{
    public static async Task<Finding> LockAsync(TimeProvider time, CancellationToken cancel)
    {
        var machine = new MachineLock(time);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(TimeSpan.FromSeconds(2));
            using var held = await machine.AcquireExclusiveAsync(patience.Token).ConfigureAwait(false);
            return new("machine lock", $"{machine.Folder}, free");
        }
        catch (MachineLockException error)
        {
            return new("machine lock", error.Message, Severity.Problem, "See the message.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new("machine lock", $"{machine.Folder}, held: something trains or measures on this machine just now");
        }
    }

    /// <param name="option">The state folder as it was asked for, or null.</param>
    public static Finding State(string? option)
    {
        var folder = "";
        try
        {
            folder = StatePlace.OfAgent(option);
            using var held = AgentFolder.Open(folder);
            var free = new DriveInfo(folder).AvailableFreeSpace / (double)(1 << 20);
            return new("state", $"{folder}, device {held.Device}, {free:0} MiB free");
        }
        catch (AgentException error)
        {
            return AgentFolder.IsHeld(folder)
                ? new("state", $"{folder}, held by a running agent")
                : new("state", error.Message, Severity.Problem, "See the message.");
        }
    }
}
