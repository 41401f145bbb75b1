using Fleet.Campaigns.Specifications;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>What may stand in <c>measuring</c>.</summary>
internal static class MeasuringKeys
{
    private static readonly MeasuringSpecification Usual = new();

    public static KeySection Section { get; } = new(
        "measuring", "The measuring protocol. Rounds are measured until every ratio is known well enough, or one of the limits is reached.");

    public static NumberKey<double> RatioWidth { get; } = Section.Real("ratio_width", Usual.RatioWidth, 0.0005, 0.5,
        new(
            "Rounds end when the 95 % interval of each ratio to the reference is no wider than this share of the ratio.",
            "ratio_width: 0.02",
            "share of the ratio"));

    public static NumberKey<int> MinRounds { get; } = Section.Integer("min_rounds", Usual.MinRounds, 2, 10_000,
        new("Rounds before the width of the intervals is looked at.", "min_rounds: 12", "rounds"));

    public static NumberKey<int> MaxRounds { get; } = Section.Integer("max_rounds", Usual.MaxRounds, 2, 10_000,
        new("Rounds after which a condition ends, however wide the intervals are. At least `min_rounds`.", "max_rounds: 100", "rounds"));

    public static DurationKey TimeLimit { get; } = Section.Duration("time_limit", Usual.TimeLimit, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(2),
        new(
            "Time after which the rounds of one condition end. Waiting for the board to cool does not count; a round that has begun is completed.",
            "time_limit: 1m"));

    public static DurationKey Block { get; } = Section.Duration("block", Usual.Block, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10),
        new("How long a variant runs in one block; at least one inference. No longer than `time_limit`.", "block: 100ms"));

    public static NumberKey<double> GateCelsius { get; } = Section.OptionalReal("gate_celsius", "3", 0, 0.1, 50,
        new("A round begins only when every sensor is within this of its temperature at the start of the session.", "gate_celsius: 2", "°C"));

    public static DurationKey GateLimit { get; } = Section.OptionalDuration("gate_limit", "60s", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1),
        new("How long a condition may wait for the board to cool, all rounds together. Blocks that begin warm after that are suspect.", "gate_limit: 5m"));

    public static NumberKey<int> InvalidRetries { get; } = Section.OptionalInteger("invalid_retries", "3", 1, 100,
        new("How often an invalid block is measured again.", "invalid_retries: 5", "times"));
}
