using System.Text.Json.Serialization;

namespace Fleet.Domain.Rankings;

/// <summary>A published claim about a variant and another, and what the rows of a campaign say of it.</summary>
public sealed record ClaimVerdict
{
    /// <summary><see cref="ClaimKinds"/> has the words.</summary>
    public required string Kind { get; init; }
    public required string Task { get; init; }
    /// <summary>Short name of the variant that the claim is about.</summary>
    public required string Variant { get; init; }
    /// <summary>Short name of what it is compared with.</summary>
    public required string Against { get; init; }
    /// <summary>Of a claim on run time, the device; null where the claim is on the metric.</summary>
    public string? Device { get; init; }
    public string? Board { get; init; }
    /// <summary>window | streaming; null where the claim is on the metric.</summary>
    public string? Mode { get; init; }
    /// <summary>as-is | performance; null where the claim is on the metric.</summary>
    public string? Clock { get; init; }
    /// <summary>As in <see cref="ConditionTable.Setting"/>; empty where the claim is on the metric.</summary>
    public string Setting { get; init; } = "";
    /// <summary>What the claim is on: <c>run_time</c>, or the metric's name.</summary>
    public required string Measure { get; init; }
    /// <summary>Of run time, the time of <see cref="Variant"/> over that of <see cref="Against"/>; of a metric, what the variant is better by.</summary>
    public required double Value { get; init; }
    /// <summary>Lower end of the interval; null where the data gives none.</summary>
    public double? Low { get; init; }
    public double? High { get; init; }
    /// <summary>Of the interval: 0.95 for a difference; 0.9 where a margin is asked after, which is a one-sided test at 5 %.</summary>
    public required double Confidence { get; init; }
    /// <summary>The loss that is accepted, where the claim is that there is none.</summary>
    public double? Margin { get; init; }
    /// <summary>Pairs behind it.</summary>
    public required int Seeds { get; init; }
    /// <summary><see cref="ClaimWords"/>: holds | does not hold | not decided</summary>
    public required string Verdict { get; init; }

    /// <summary>Compares run times, by their ratio; otherwise a metric, by its difference.</summary>
    [JsonIgnore]
    public bool IsRunTime => Mode is not null;

    /// <summary>Of a claim on run time, the mode, and the clock where that is not as the board has it.</summary>
    [JsonIgnore]
    public string? How => Mode is null ? null : $"{Mode}{(Clock is null or "as-is" ? "" : $", {Clock} clock")}{(Setting.Length == 0 ? "" : $", {Setting}")}";

    /// <summary>The claim in words.</summary>
    [JsonIgnore]
    public string Sentence => Kind switch
    {
        ClaimKinds.BetterThanLowRank => $"{Variant} is more accurate than {Against}",
        ClaimKinds.NoWorseThanReference => $"{Variant} is no less accurate than {Against}",
        _ => $"{Variant} runs faster than {Against}",
    };
}

/// <summary>As <see cref="ClaimVerdict.Kind"/> spells them.</summary>
public static class ClaimKinds
{
    public const string FasterThanPruned = "faster-than-pruned";
    public const string BetterThanLowRank = "better-than-lmf";
    public const string FasterThanReference = "faster-than-reference";
    public const string NoWorseThanReference = "no-worse-than-reference";

    public static IReadOnlyList<string> All { get; } = [FasterThanPruned, BetterThanLowRank, FasterThanReference, NoWorseThanReference];

    /// <summary>The claim about the method, whatever the variants.</summary>
    public static string Title(string kind) => kind switch
    {
        FasterThanPruned => "hmd runs faster than pruning",
        BetterThanLowRank => "hmd is more accurate than low-rank factorisation",
        FasterThanReference => "hmd runs faster than the reference",
        _ => "hmd is no less accurate than the reference",
    };
}

/// <summary>As <see cref="ClaimVerdict.Verdict"/> spells them.</summary>
public static class ClaimWords
{
    public const string Holds = "holds";
    public const string DoesNotHold = "does not hold";

    /// <summary>The interval allows both.</summary>
    public const string NotDecided = "not decided";
}
