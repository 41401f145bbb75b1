using System.Globalization;
using Fleet.Protocol.Processes;
using SiloAddress = Fleet.Protocol.Processes.SiloAddress;

namespace Fleet.Silo.Hosting;

/// <summary>Keeps a second silo off the state folder for as long as this process lives: the kernel drops the lock with it.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream file;
    private readonly string holder;

    private StateLock(FileStream file, string holder)
    {
        this.file = file;
        this.holder = holder;
    }

    /// <exception cref="SiloException">Another silo holds the folder, or it cannot be written.</exception>
    public static StateLock Acquire(string state)
    {
        var holder = Path.Combine(state, "silo.pid");
        try
        {
            Directory.CreateDirectory(state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SiloException($"The state folder {state} cannot be made: {error.Message} Choose another with --state.", error);
        }

        FileStream? file;
        try
        {
            file = FileLock.TryExclusive(Path.Combine(state, SiloAddress.LockFileName));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SiloException($"The state folder {state} cannot be written: {error.Message} Choose another with --state.", error);
        }

        if (file is null)
        {
            throw new SiloException($"Another silo{Holder(holder)} uses the state folder {state}. Stop it, use it as it runs (--state {state}), or choose another folder with --state.");
        }

        try
        {
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It only helps people; a full disk shows itself where it matters.
        }

        return new StateLock(file, holder);
    }

    public void Dispose()
    {
        File.Delete(holder);
        file.Dispose();
    }

    private static string Holder(string path)
    {
        try
        {
            return $" (process {File.ReadAllText(path).Trim()})";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
