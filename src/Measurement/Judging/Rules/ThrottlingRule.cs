using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

public sealed class ThrottlingRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.Throttled == true ? new(ReasonCodes.Throttled) : null;
}
