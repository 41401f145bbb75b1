using System.Text;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.Os.Files;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.State;

/// <summary>The agent's state folder: who the device is, and what must outlive the process. One agent at a time holds it.</summary>
internal sealed class AgentFolder : IDisposable
{
    private const string LockFile = "lock";
    private const string DeviceFile = "device-id";
    private readonly FileStream held;

    private AgentFolder(string path, FileStream held, string device)
    {
        FullPath = path;
        this.held = held;
        Device = device;
    }

    public string FullPath { get; }

    /// <summary>The device's UUID, made when the folder was first used.</summary>
    public string Device { get; }

    public string Journal => Path.Combine(FullPath, "journal");

    public string Artefacts => Path.Combine(FullPath, "artefacts");

    /// <summary>What belongs to the session at hand, and may be lost with it.</summary>
    public string Work => Path.Combine(FullPath, "work");

    /// <exception cref="AgentException">Another agent holds it, it cannot be used, or its identity is damaged.</exception>
    public static AgentFolder Open(string path)
    {
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(path);
            held = Hold(path, "Stop that one, or give this one a folder of its own with --state.");
            var folder = new AgentFolder(path, held, ReadOrMakeDevice(Path.Combine(path, DeviceFile)));
            Directory.CreateDirectory(folder.Journal);
            Directory.CreateDirectory(folder.Artefacts);
            Directory.CreateDirectory(folder.Work);
            return folder;
        }
        catch (AgentException)
        {
            held?.Dispose();
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw Unusable(path, error);
        }
    }

    /// <summary>Makes the folder that of another device, which enrols as a new one. Returns its UUID.</summary>
    /// <exception cref="AgentException">An agent holds the folder, none has ever used it, or it cannot be written.</exception>
    public static string ResetIdentity(string path)
    {
        var file = Path.Combine(path, DeviceFile);
        if (!File.Exists(file))
        {
            throw new AgentException(
                $"No agent has used the state folder {path} yet, so there is no identity to reset. Name the agent's folder with --state.",
                ExitCodes.Usage);
        }

        try
        {
            using var held = Hold(path, "Stop it first.");
            return MakeDevice(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, error);
        }
    }

    /// <summary>A running agent holds it.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            using var free = FileLock.TryShared(Path.Combine(path, LockFile));
            return free is null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => held.Dispose();

    /// <param name="wayOut">Where another agent holds the folder.</param>
    private static FileStream Hold(string path, string wayOut) => FileLock.TryExclusive(Path.Combine(path, LockFile))
        ?? throw new AgentException($"Another agent is running on the state folder {path}. {wayOut}");

    private static AgentException Unusable(string path, Exception error) =>
        new($"The state folder {path} cannot be used: {error.Message} Give another one with --state.");

    private static string MakeDevice(string path)
    {
        var made = Guid.NewGuid().ToString();
        DurableFile.Write(path, Encoding.ASCII.GetBytes(made + "\n"));
        return made;
    }

    private static string ReadOrMakeDevice(string path)
    {
        if (!File.Exists(path))
        {
            return MakeDevice(path);
        }

        var text = File.ReadAllText(path).Trim();
        return Guid.TryParseExact(text, "D", out var device)
            ? device.ToString()
            : throw new AgentException(
                $"{path} does not hold the device's UUID but '{(text.Length > 40 ? text[..40] + "..." : text)}'. "
                + "Put the UUID back, or delete the file to enrol as a new device.");
    }
}
