namespace Fleet.Domain.Jobs;

/// <summary>As <see cref="JobSummary.State"/> spells them.</summary>
public static class JobStates
{
    public const string Queued = "queued";
    public const string Waiting = "waiting";
    public const string Training = "training";
    public const string Ready = "ready";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}
