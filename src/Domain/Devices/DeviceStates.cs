namespace Fleet.Domain.Devices;

/// <summary>As <see cref="DeviceSummary.State"/> spells them.</summary>
public static class DeviceStates
{
    public const string Idle = "idle";
    public const string Preparing = "preparing";
    public const string Waiting = "waiting";
    public const string Measuring = "measuring";
    public const string Silent = "silent";

    /// <summary>Of a device that a campaign knows and the fleet does no longer.</summary>
    public const string Removed = "removed";
}
