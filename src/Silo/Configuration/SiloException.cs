namespace Fleet.Silo.Configuration;

/// <summary>The silo cannot start or go on; the message is one line for people, with the way out.</summary>
public sealed class SiloException(string message, Exception? inner = null) : Exception(message, inner);
