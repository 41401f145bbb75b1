using Fleet.Domain.Explanations;

namespace Fleet.Campaigns.Explaining;

/// <summary>As <see cref="Cause.Kind"/> spells them.</summary>
public static class CauseKinds
{
    public const string Done = "done";
    public const string Paused = "paused";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";
    public const string NothingRanked = "nothing-ranked";
    public const string RunFailed = "run-failed";
    public const string Training = "training";
    public const string TrainingQueued = "training-queued";
    public const string TrainingWaits = "training-waits";
    public const string TrainingFailed = "training-failed";
    public const string NoDevice = "no-device";
    public const string DeviceSilent = "device-silent";
    public const string DeviceLeft = "device-left";
    public const string SameIdentity = "same-identity";
    public const string DeviceBusy = "device-busy";
    public const string DeviceMeasures = "device-measures";
    public const string DeviceWaits = "device-waits";
}
