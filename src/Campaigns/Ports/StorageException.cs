namespace Fleet.Campaigns.Ports;

/// <summary>
/// What is stored is damaged, or cannot be used at all. The message is one line for people: the place, the cause and the way out.
/// </summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
