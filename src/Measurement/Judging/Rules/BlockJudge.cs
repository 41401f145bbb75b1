namespace Fleet.Measurement.Judging.Rules;

/// <summary>Asks every rule about a block.</summary>
public static class BlockJudge
{
    private static readonly IReadOnlyList<IBlockRule> Rules =
    [
        new OutputRule(),
        new AllocationRule(),
        new GarbageCollectionRule(),
        new UnderVoltageRule(),
        new ThrottlingRule(),
        new ClockRule(),
        new GovernorRule(),
        new CoreWaitRule(),
        new OthersRule(),
        new MajorFaultRule(),
        new GateRule(),
    ];

    /// <summary>Everything that is wrong with it; nothing where it is valid.</summary>
    public static IReadOnlyList<Finding> Judge(BlockFacts block) => [.. Rules.Select(rule => rule.Judge(block)).OfType<Finding>()];
}
