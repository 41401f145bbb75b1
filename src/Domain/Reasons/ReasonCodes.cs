namespace Fleet.Domain.Reasons;

/// <summary>As <see cref="Reason.Code"/> spells them. <see cref="ReasonText"/> holds their English.</summary>
public static class ReasonCodes
{
    // Found against a block, which is invalid then.
    public const string WrongOutput = "wrong-output";
    public const string Allocation = "allocation";
    public const string GarbageCollection = "garbage-collection";
    public const string UnderVoltage = "under-voltage";
    public const string Throttled = "throttled";
    public const string ClockLow = "clock-low";
    public const string GovernorChanged = "governor-changed";
    public const string CoreTaken = "core-taken";
    public const string Unsettled = "unsettled";

    // Found against a block, which is suspect then.
    public const string ClockReportedLow = "clock-reported-low";
    public const string CoreShared = "core-shared";
    public const string OthersBusy = "others-busy";
    public const string MajorFaults = "major-faults";
    public const string NotCooled = "not-cooled";

    // Of a measured run as a whole.
    public const string TooFewRounds = "too-few-rounds";
    public const string RoundsBelowMin = "rounds-below-min";

    // Why a run failed before a device had it.
    public const string TrainingFailed = "training-failed";
    public const string DependencyFailed = "dependency-failed";
    public const string ReferenceFailed = "reference-failed";

    // Why a run was not waited for any longer.
    public const string DeviceSilent = "device-silent";
    public const string DeviceExcluded = "device-excluded";
    public const string DeviceRemoved = "device-removed";

    // Why a run failed on its device.
    public const string NoResult = "no-result";
    public const string NotSupported = "not-supported";
    public const string ArtefactUnusable = "artefact-unusable";
    public const string ModelNotLoaded = "model-not-loaded";
    public const string ModelFailed = "model-failed";
    public const string NotEvaluated = "not-evaluated";
    public const string WorkerDied = "worker-died";
    public const string SessionFailed = "session-failed";
    public const string Unreadable = "unreadable";
    public const string ImpossibleValue = "impossible-value";

    // What of a stored result cannot be shown.
    public const string RowUnreadable = "row-unreadable";
    public const string BlocksUnreadable = "blocks-unreadable";

    /// <summary>Words without a code: of a version that wrote reasons as text.</summary>
    public const string Text = "text";
}
