namespace Fleet.DeviceAgent.Worker;

/// <summary>How a measuring worker died.</summary>
/// <param name="FromOutside">Somebody killed it, by hand or for want of memory: what it was at may well succeed another time.</param>
internal sealed record WorkerDeath(string Text, bool FromOutside);
