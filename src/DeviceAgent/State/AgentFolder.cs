using System.Text;
using Fleet.Protocol.Processes;

namespace Fleet.DeviceAgent.State;

/// <summary>The agent's state folder: who the device is, and what must outlive the process. One agent at a time holds it.</summary>
internal sealed class AgentFolder : IDisposable
{
    private const string LockFile = "lock";
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
            held = FileLock.TryExclusive(Path.Combine(path, LockFile))
                ?? throw new AgentException($"Another agent is running on the state folder {path}. Stop that one, or give this one a folder of its own with --state.");
            var folder = new AgentFolder(path, held, ReadOrMakeDevice(Path.Combine(path, "device-id")));
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
            throw new AgentException($"The state folder {path} cannot be used: {error.Message} Give another one with --state.");
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

    private static string ReadOrMakeDevice(string path)
    {
        if (!File.Exists(path))
        {
            var made = Guid.NewGuid().ToString();
            DurableFile.Write(path, stream => stream.Write(Encoding.ASCII.GetBytes(made + "\n")));
            return made;
        }

        var text = File.ReadAllText(path).Trim();
        return Guid.TryParseExact(text, "D", out var device)
            ? device.ToString()
            : throw new AgentException($"{path} does not hold the device's UUID but '{(text.Length > 40 ? text[..40] + "..." : text)}'. Put the UUID back, or delete the file to enrol as a new device.");
    }
}
