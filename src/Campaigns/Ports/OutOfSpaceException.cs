namespace Fleet.Campaigns.Ports;

/// <summary>A disk is full, and nothing was stored. The message names the place; it works again when somebody has made room.</summary>
public sealed class OutOfSpaceException(string message, Exception? inner = null) : IOException(message, inner);
