using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>Nothing fast and wrong gets through (MLPerf TEST01).</summary>
public sealed class OutputRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) =>
        block.Timed.Difference is { } difference ? new(Invalid, $"an output of the timed run differs from the expected one: {difference}", CanPass: false) : null;
}
