namespace Fleet.Domain.Measuring;

/// <summary>What pinning the measuring thread achieved; failing is no error, but is told.</summary>
/// <param name="Core">The core that the thread now stays on; null where it could not be pinned.</param>
/// <param name="Isolated">The kernel keeps other work off that core (<c>isolcpus</c>).</param>
/// <param name="RaisedPriority">The thread runs before ordinary ones.</param>
/// <param name="Notes">What did not work, in plain words.</param>
public sealed record PinResult(int? Core, bool Isolated, bool RaisedPriority, IReadOnlyList<string> Notes);
