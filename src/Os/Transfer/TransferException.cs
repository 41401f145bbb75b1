namespace Fleet.Os.Transfer;

/// <summary>A file could not be fetched. The message names what and why; the way out is the caller's to add.</summary>
public sealed class TransferException(TransferFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public TransferFailure Failure { get; } = failure;
}

/// <summary>What a transfer ended with, as far as its caller acts on it.</summary>
public enum TransferFailure
{
    /// <summary>
    /// The server is away or busy, the connection broke or stalled, or what was there before was no part of the file: another attempt may do.
    /// </summary>
    Interrupted,

    /// <summary>The server does not have the file (404, 410).</summary>
    Missing,

    /// <summary>The server refuses, or what it has is not what was asked for.</summary>
    Refused,

    /// <summary>The disk is full.</summary>
    OutOfSpace,

    /// <summary>The part file cannot be opened or written.</summary>
    Unwritable,
}
