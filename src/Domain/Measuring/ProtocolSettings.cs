namespace Fleet.Domain.Measuring;

/// <summary>Settings of the measuring protocol. Defaults are those that METHODOLOGY gives.</summary>
public sealed record ProtocolSettings
{
    /// <summary>Rounds end when the 95 % interval of each ratio to the reference is no wider than this share of the ratio.</summary>
    public double RatioWidth { get; init; } = 0.01;

    /// <summary>Rounds before the first look at the intervals' width. At least 2.</summary>
    public int MinRounds { get; init; } = 8;

    /// <summary>Rounds after which a condition ends, however wide the intervals are.</summary>
    public int MaxRounds { get; init; } = 40;

    /// <summary>Of one condition's rounds; waits of the thermal gate do not count. A round under way is finished.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one variant runs at a stretch; a block holds at least one inference.</summary>
    public TimeSpan BlockDuration { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A round starts when every sensor is within this of the session's start.</summary>
    public double GateCelsius { get; init; } = 3;

    /// <summary>What the thermal gate may wait in one condition, all rounds together.</summary>
    public TimeSpan GateLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often an invalid block is measured again.</summary>
    public int InvalidRetries { get; init; } = 3;

    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range; the message names it and the range.</exception>
    public void Check()
    {
        Require(RatioWidth is > 0 and < 1, "ratio_width", RatioWidth, "above 0 and below 1");
        Require(MinRounds >= 2, "min_rounds", MinRounds, "at least 2: an interval needs two rounds");
        Require(MaxRounds >= MinRounds, "max_rounds", MaxRounds, $"at least min_rounds ({MinRounds})");
        Require(TimeLimit > TimeSpan.Zero, "time_limit", TimeLimit, "above zero");
        Require(BlockDuration > TimeSpan.Zero && BlockDuration <= TimeLimit, "block", BlockDuration, "above zero and no longer than time_limit");
        Require(GateCelsius > 0, "gate_celsius", GateCelsius, "above zero");
        Require(GateLimit >= TimeSpan.Zero, "gate_limit", GateLimit, "zero (no gate) or more");
        Require(InvalidRetries >= 0, "invalid_retries", InvalidRetries, "zero or more");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}");
        }
    }
}
