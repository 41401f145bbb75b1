using System.Globalization;
using Fleet.Os.Files;
using Fleet.Os.State;
using Fleet.Silo.Configuration;
using SiloAddress = Fleet.Os.State.SiloAddress;

namespace Fleet.Silo.Hosting;

/// <summary>Keeps a second silo off the state folder for as long as this process lives: the kernel drops the lock with it.</summary>
internal sealed class StateLock : IDisposable
{
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream file;
    private readonly string holder;

    private StateLock(FileStream file, string holder)
    {
        this.file = file;
        this.holder = holder;
    }

    /// <exception cref="SiloException">Another silo holds the folder, or it cannot be written.</exception>
    public static async Task<StateLock> AcquireAsync(string state, CancellationToken cancel)
    {
        var holder = Path.Combine(state, "silo.pid");
        try
        {
            StateFolder.CreatePrivate(state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SiloException($"The state folder {state} cannot be used: {error.Message} Choose another with --state.", error);
        }

        FileStream? file;
        try
        {
            file = await TakeAsync(Path.Combine(state, StateFolder.LockFileName), cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SiloException($"The state folder {state} cannot be written: {error.Message} Choose another with --state.", error);
        }

        if (file is null)
        {
            throw new SiloException(
                $"Another silo{Holder(holder)} uses the state folder {state}. Stop it, use it as it runs (--state {state}), or"
                    + " choose another folder with --state.");
        }

        ForgetPredecessor(state, file);
        try
        {
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It only helps people; a full disk shows itself where it matters.
        }

        return new StateLock(file, holder);
    }

    public void Dispose()
    {
        if (File.Exists(holder))
        {
            File.Delete(holder);
        }

        file.Dispose();
    }

    // Whoever asks whether a silo is there holds the lock for a moment, too.
    private static async Task<FileStream?> TakeAsync(string path, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (FileLock.TryExclusive(path) is { } held)
            {
                return held;
            }

            if (attempt == Attempts)
            {
                return null;
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }
    }

    // The address of a silo that was killed, or that came along with a copied folder: nobody may take it for this silo's.
    private static void ForgetPredecessor(string state, FileStream held)
    {
        var path = Path.Combine(state, SiloAddress.FileName);
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw new SiloException(
                $"{path} cannot be replaced: {error.Message} A silo writes its address there: move away what is in its place,"
                    + " or choose another folder with --state.",
                error);
        }
    }

    private static string Holder(string path)
    {
        try
        {
            return $" (process {File.ReadAllText(path).Trim()})";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
