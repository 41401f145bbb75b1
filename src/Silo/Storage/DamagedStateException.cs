namespace Fleet.Silo.Storage;

/// <summary>A grain's state cannot be read; the message says which, why, and the way out.</summary>
public sealed class DamagedStateException(string message) : Exception(message);
