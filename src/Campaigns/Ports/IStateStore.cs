namespace Fleet.Campaigns.Ports;

/// <summary>
/// States of grains, as bytes under the grain's id and the state's name, each with a version that only grows: of two that hold the same
/// version, the first to write wins.
/// </summary>
public interface IStateStore
{
    /// <summary>Null where there is none.</summary>
    /// <exception cref="StorageException">It cannot be read, and so cannot the others.</exception>
    Task<StoredState?> ReadAsync(string grain, string name);

    /// <summary>The new version. Durable when it returns.</summary>
    /// <param name="expected">The version that the writer read; null where there was none.</param>
    /// <exception cref="StateConflictException">Another version is stored; it stays.</exception>
    /// <exception cref="OutOfSpaceException">The disk is full.</exception>
    Task<long> WriteAsync(string grain, string name, ReadOnlyMemory<byte> payload, long? expected);

    /// <param name="expected">The version that the writer read; null where there was none.</param>
    /// <exception cref="StateConflictException">Another version is stored; it stays.</exception>
    Task ClearAsync(string grain, string name, long? expected);

    /// <summary>Keeps a state that cannot be read under a name that no grain asks for, so that the grain starts empty.</summary>
    /// <exception cref="StorageException">Nobody allowed that: the message says what is damaged, and how to allow it.</exception>
    Task SetAsideAsync(string grain, string name, Exception why);
}

public sealed record StoredState(long Version, ReadOnlyMemory<byte> Payload);

/// <summary>The stored version is not the one that the writer read.</summary>
public sealed class StateConflictException(long? stored) : Exception("Another version of the state is stored.")
{
    /// <summary>Null where none is stored.</summary>
    public long? Stored => stored;
}
