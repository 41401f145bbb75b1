using System.Runtime.Versioning;

namespace Fleet.Protocol.Processes;

/// <summary>
/// One lock for the whole machine, so that measuring never overlaps with training or with another measurement,
/// whatever agents and silos run there. Trainers share it; a measuring worker has it alone.
/// </summary>
/// <remarks>
/// Two files carry it. Whoever wants the <c>lock</c> file first passes the <c>gate</c>: a worker stands in the gate while it
/// waits for the trainers to let go, so that no new trainer gets in before it. The kernel drops both with the process (flock).
/// </remarks>
[UnsupportedOSPlatform("browser")]
public sealed class MachineLock
{
    /// <summary>Moves the lock to another folder: for tests, and for containers that share a machine through a volume.</summary>
    public const string Variable = "FLEET_MACHINE_LOCK";

    private const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // Between making a file and opening it to everyone lies a moment in which other users see it closed.
    private static readonly TimeSpan OpeningUp = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time;

    public MachineLock(TimeProvider time, string? folder = null)
    {
        this.time = time;
        Folder = folder
            ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told ? told : Path.Combine(SharedRoot(), "fleet"));
    }

    /// <summary>Holds the two files; the same for every user of the machine.</summary>
    public string Folder { get; }

    /// <summary>For a measuring worker: nobody else holds it until the handle is disposed.</summary>
    /// <exception cref="MachineLockException">The folder cannot be used by this user.</exception>
    public async Task<IDisposable> AcquireExclusiveAsync(CancellationToken cancel)
    {
        using var gate = await OpenAsync("gate", exclusive: true, cancel).ConfigureAwait(false);
        return await OpenAsync("lock", exclusive: true, cancel).ConfigureAwait(false);
    }

    /// <summary>For a trainer: others may train beside it, nobody measures.</summary>
    /// <exception cref="MachineLockException">The folder cannot be used by this user.</exception>
    public async Task<IDisposable> AcquireSharedAsync(CancellationToken cancel)
    {
        using var gate = await OpenAsync("gate", exclusive: true, cancel).ConfigureAwait(false);
        return await OpenAsync("lock", exclusive: false, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Somebody stands in the gate: a trainer that sees this at the end of an epoch lets go and queues again.
    /// A newcomer on its way through the gate is taken for a waiting one now and then, which costs the trainer one turn.
    /// </summary>
    /// <exception cref="MachineLockException">The folder cannot be used by this user.</exception>
    public bool SomebodyWaits()
    {
        // Shared, so that two trainers that look at the same time do not take each other for a worker.
        using var gate = Guard("gate", path => FileLock.TryShared(path));
        return gate is null;
    }

    // systemd's machines keep /run/lock open to all users, some distributions to root alone; every user must come to the same answer.
    private static string SharedRoot()
    {
        const string Locks = "/run/lock";
        if (OperatingSystem.IsWindows())
        {
            return Path.GetTempPath();
        }

        return Directory.Exists(Locks) && File.GetUnixFileMode(Locks).HasFlag(UnixFileMode.OtherWrite) ? Locks : "/tmp";
    }

    private async Task<FileStream> OpenAsync(string name, bool exclusive, CancellationToken cancel)
    {
        var refusedUntil = time.GetUtcNow() + OpeningUp;
        while (true)
        {
            try
            {
                if (Guard(name, path => exclusive ? FileLock.TryExclusive(path) : FileLock.TryShared(path)) is { } held)
                {
                    return held;
                }

                refusedUntil = time.GetUtcNow() + OpeningUp;
            }
            catch (MachineLockException) when (time.GetUtcNow() < refusedUntil)
            {
                // Perhaps another user is about to open it up.
            }

            await Task.Delay(Poll, time, cancel).ConfigureAwait(false);
        }
    }

    private FileStream? Guard(string name, Func<string, FileStream?> open)
    {
        var path = Path.Combine(Folder, name);
        try
        {
            EnsureFile(path);
            return open(path);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new MachineLockException(
                $"The machine lock {path} cannot be used: {error.Message} It must be readable and writable for every user that trains or measures here: "
                + $"run `sudo chmod a+rwx {Folder} && sudo chmod a+rw {Folder}/*`, or set {Variable} to a folder that all of them share.",
                error);
        }
    }

    private void EnsureFile(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        // Every user of the machine shares the lock, so whoever comes first must leave it open to the others, whatever the umask.
        if (!Directory.Exists(Folder))
        {
            Directory.CreateDirectory(Folder);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Folder, Everyone | Enter);
            }
        }

        try
        {
            using (new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, Everyone);
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was first, and leaves it open as we would.
        }
    }
}

/// <summary>The machine lock cannot be used; the message says which file, why, and what to do.</summary>
public sealed class MachineLockException(string message, Exception inner) : Exception(message, inner);
