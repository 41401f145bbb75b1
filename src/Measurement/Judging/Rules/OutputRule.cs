using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>Nothing fast and wrong gets through (MLPerf TEST01).</summary>
public sealed class OutputRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) =>
        block.Timed.Difference is { } difference ? new(new Reason(ReasonCodes.WrongOutput, Detail: difference), CanPass: false) : null;
}
