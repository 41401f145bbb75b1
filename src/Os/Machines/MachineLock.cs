using System.Runtime.Versioning;
using Fleet.Os.Files;

namespace Fleet.Os.Machines;

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

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // Between making a file and opening it to everyone lies a moment in which other users see it closed.
    private static readonly TimeSpan OpeningUp = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time;

    public MachineLock(TimeProvider time, string? folder = null)
    {
        this.time = time;
        Folder = folder
            ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Path.Combine(SharedRoot(), "fleet"));
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
        using var gate = TryLock("gate", exclusive: false);
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

    private async Task<IDisposable> OpenAsync(string name, bool exclusive, CancellationToken cancel)
    {
        var refusedUntil = time.GetUtcNow() + OpeningUp;
        while (true)
        {
            try
            {
                if (TryLock(name, exclusive) is { } held)
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

    private IDisposable? TryLock(string name, bool exclusive)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                using var shared = SharedFolder.Open(Folder);
                return shared.TryLock(name, exclusive);
            }

            Directory.CreateDirectory(Folder);
            return exclusive ? FileLock.TryExclusive(Path.Combine(Folder, name)) : FileLock.TryShared(Path.Combine(Folder, name));
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new MachineLockException(
                $"The machine lock {Path.Combine(Folder, name)} cannot be used: {error.Message} Every user that trains or measures here shares it. "
                + $"Make the folder root's, and open to all: `sudo rm -rf {Folder} && sudo mkdir -m 1777 {Folder}`; "
                + $"or set {Variable} to a folder that all of them share.",
                error);
        }
    }
}

/// <summary>The machine lock cannot be used; the message says which file, why, and what to do.</summary>
public sealed class MachineLockException(string message, Exception inner) : Exception(message, inner);
