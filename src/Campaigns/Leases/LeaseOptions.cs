namespace Fleet.Campaigns.Leases;

/// <summary>How leases and heartbeats are timed.</summary>
public sealed class LeaseOptions
{
    /// <summary>How often an agent is to report. Default 1 s: a paused campaign's session ends that soon.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a lease lasts after the last heartbeat. Default 30 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A device not heard of for so long is called silent, and joins no campaign. Default 15 s.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>When a device without work is to ask again. Default 0.5 s.</summary>
    public TimeSpan Retry { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The machine that trains, as devices name theirs: one on it waits until all is trained, for the two would disturb each other.</summary>
    public string TrainingMachine { get; set; } = "";
}
