namespace Fleet.DeviceAgent.Leases;

/// <summary>How a session ended.</summary>
/// <param name="Failure">Why runs stay open, for another session; empty when every run was answered.</param>
/// <param name="OutOfSpace">For want of space on the disk: nobody is to blame, and it is no use to try again at once.</param>
internal readonly record struct SessionOutcome(string Failure, bool OutOfSpace = false)
{
    public static SessionOutcome Done => new("");
}
