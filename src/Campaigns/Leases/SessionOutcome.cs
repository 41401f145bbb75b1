namespace Fleet.Campaigns.Leases;

/// <summary>How a device's session ended.</summary>
public enum SessionOutcome
{
    /// <summary>The device has measured all of it.</summary>
    Done,

    /// <summary>The device could not measure it.</summary>
    Failed,

    /// <summary>The agent was stopped, which is not counted as a failure.</summary>
    Interrupted,

    /// <summary>The device no longer knew of it.</summary>
    Lost,

    /// <summary>Nobody wanted it any more, or the device was removed.</summary>
    Revoked,
}
