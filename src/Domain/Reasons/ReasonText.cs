using System.Collections.Frozen;

namespace Fleet.Domain.Reasons;

/// <summary>The English of <see cref="Reason"/>s. It is made where it is shown and stored nowhere.</summary>
public static class ReasonText
{
    private static readonly FrozenDictionary<string, Phrase> Phrases = new Dictionary<string, Phrase>
    {
        [ReasonCodes.WrongOutput] = Phrase.OfInvalidBlock("an output of the timed run differs from the expected one"),
        [ReasonCodes.Allocation] = Phrase.OfInvalidBlock("the timed loop allocated memory"),
        [ReasonCodes.GarbageCollection] = Phrase.OfInvalidBlock("a garbage collection ran during the block"),
        [ReasonCodes.UnderVoltage] = Phrase.OfInvalidBlock("the supply voltage was too low: use a stronger power supply or a shorter cable"),
        [ReasonCodes.Throttled] = Phrase.OfInvalidBlock("the board throttled its clock"),
        [ReasonCodes.ClockLow] = Phrase.OfInvalidBlock("the core ran at less than 90 % of its nominal clock"),
        [ReasonCodes.GovernorChanged] = Phrase.OfInvalidBlock("the frequency governor was changed during the block"),
        [ReasonCodes.CoreTaken] = Phrase.OfInvalidBlock("other processes held the measured core for more than half of the block"),
        [ReasonCodes.Unsettled] = Phrase.OfInvalidBlock("measured before the speed had settled"),
        [ReasonCodes.ClockReportedLow] = Phrase.OfSuspectBlock("the kernel reports a clock below 90 % of the session's highest"),
        [ReasonCodes.CoreShared] = Phrase.OfSuspectBlock("other processes held the measured core for more than 5 % of the block"),
        [ReasonCodes.OthersBusy] = Phrase.OfSuspectBlock("other processes took more than 25 % of the machine's CPU time"),
        [ReasonCodes.MajorFaults] = Phrase.OfSuspectBlock("memory pages were read from disk during the block"),
        [ReasonCodes.NotCooled] = Phrase.OfSuspectBlock("the board had not cooled down to where the session started, and the wait for it was used up"),
        [ReasonCodes.TooFewRounds] = Phrase.OfRounds(reason => $"only {reason.Count} of {reason.Total} rounds could be used{Bracketed(reason.Detail)}"),
        [ReasonCodes.RoundsBelowMin] = Phrase.OfRounds(reason =>
            $"{reason.Count} rounds could be used, fewer than the minimum of {reason.Total}{Bracketed(reason.Detail)}"),
        [ReasonCodes.TrainingFailed] = Phrase.OfRun("training failed"),
        [ReasonCodes.DependencyFailed] = Phrase.OfRun("training of the variant that it learns from failed"),
        [ReasonCodes.ReferenceFailed] = Phrase.OfRun("training of the reference failed, so there is nothing to compare with"),
        [ReasonCodes.DeviceSilent] = Phrase.OfRun(reason =>
            $"the device fell silent{At(reason.Detail)}, and did not come back while the campaign waited for it"),
        [ReasonCodes.DeviceExcluded] = Phrase.OfRun(reason => $"the device was excluded from the campaign{At(reason.Detail)}"),
        [ReasonCodes.DeviceRemoved] = Phrase.OfRun(reason => $"the device was removed from the fleet{At(reason.Detail)}"),
        [ReasonCodes.NoResult] = Phrase.OfRun(reason => WithDetail($"{reason.Count} sessions in a row brought no result", reason.Detail)),
        [ReasonCodes.NotSupported] = Phrase.OfDevice("the agent cannot do what was asked"),
        [ReasonCodes.ArtefactUnusable] = Phrase.OfDevice("a file that the run needs cannot be used"),
        [ReasonCodes.ModelNotLoaded] = Phrase.OfDevice("the model could not be loaded"),
        [ReasonCodes.ModelFailed] = Phrase.OfDevice("the model failed while it was measured"),
        [ReasonCodes.NotEvaluated] = Phrase.OfDevice("the model could not be evaluated"),
        [ReasonCodes.WorkerDied] = Phrase.OfDevice(reason => reason.Detail ?? "the measuring worker died"),
        [ReasonCodes.SessionFailed] = Phrase.OfDevice("the session could not be measured"),
        [ReasonCodes.Unreadable] = Phrase.OfRun("the measurement cannot be read"),
        [ReasonCodes.ImpossibleValue] = Phrase.OfRun("the device sent a value that cannot be"),
        [ReasonCodes.RowUnreadable] = Phrase.OfRun("this row cannot be read"),
        [ReasonCodes.BlocksUnreadable] = Phrase.OfRun("its blocks cannot be read"),
        [ReasonCodes.Text] = Phrase.OfDevice(reason => reason.Detail ?? "no reason given"),
    }.ToFrozenDictionary();

    /// <summary>The codes that are known here: all that a label may be.</summary>
    public static bool IsKnown(string code) => Phrases.ContainsKey(code);

    /// <summary>It is found against single blocks, and counted.</summary>
    public static bool IsOfBlock(string code) => Phrases.GetValueOrDefault(code) is { Block: not null };

    /// <summary>A device may say it of a run that it could not do. What a silo finds, only the silo says.</summary>
    public static bool IsOfDevice(string code) => Phrases.GetValueOrDefault(code) is { Source: Source.Device };

    /// <summary>It is found while a run is measured: against blocks, or rounds. Codes that only a newer agent knows may be.</summary>
    public static bool IsOfMeasuring(string code) => Phrases.GetValueOrDefault(code) is null or { Source: Source.Measuring } || code == ReasonCodes.Text;

    /// <summary>A block that it is found against is invalid, and not only suspect.</summary>
    public static bool MakesBlockInvalid(string code) => Phrases.GetValueOrDefault(code) is { Block: "invalid" };

    /// <summary>For the middle of a sentence: "3 of 16 blocks invalid: the board throttled its clock".</summary>
    public static string Of(Reason reason)
    {
        if (!Phrases.TryGetValue(reason.Code, out var phrase))
        {
            return WithDetail(reason is { Count: { } found, Total: { } all } ? $"{reason.Code} ({found} of {all})" : reason.Code, reason.Detail);
        }

        var text = phrase.Write(reason);
        return phrase.Block is { } validity && reason is { Count: { } count, Total: { } total } ? $"{count} of {total} blocks {validity}: {text}" : text;
    }

    /// <summary>Several, in one line.</summary>
    public static string Of(IEnumerable<Reason> reasons) => string.Join("; ", reasons.Select(Of));

    /// <summary>The same as a sentence of its own.</summary>
    public static string Sentence(Reason reason)
    {
        var text = Of(reason);
        return char.ToUpperInvariant(text[0]) + text[1..] + (text[^1] is '.' or '!' or '?' ? "" : ".");
    }

    /// <summary>The code whose phrase this is, for what was stored as text.</summary>
    internal static string? CodeOf(string phrase) =>
        Phrases.FirstOrDefault(pair => pair.Value.Block is not null && pair.Value.Write(new Reason(pair.Key)) == phrase).Key;

    private static string Bracketed(string? detail) => detail is null ? "" : $" ({detail})";

    private static string At(string? moment) => moment is null ? "" : $" at {moment}";

    private static string WithDetail(string text, string? detail) => string.IsNullOrEmpty(detail) ? text : $"{text}: {detail}";

    private enum Source
    {
        Measuring,
        Device,
        Silo,
    }

    /// <param name="Block">What a block is that it is found against; null where it is of the run as a whole.</param>
    private sealed record Phrase(Source Source, string? Block, Func<Reason, string> Write)
    {
        public static Phrase OfInvalidBlock(string text) => new(Source.Measuring, "invalid", Following(text));

        public static Phrase OfSuspectBlock(string text) => new(Source.Measuring, "suspect", Following(text));

        public static Phrase OfRounds(Func<Reason, string> write) => new(Source.Measuring, null, write);

        public static Phrase OfDevice(string text) => OfDevice(Following(text));

        public static Phrase OfDevice(Func<Reason, string> write) => new(Source.Device, null, write);

        public static Phrase OfRun(string text) => OfRun(Following(text));

        public static Phrase OfRun(Func<Reason, string> write) => new(Source.Silo, null, write);

        private static Func<Reason, string> Following(string text) => reason => WithDetail(text, reason.Detail);
    }
}
