using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

public sealed class GovernorRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.GovernorChanged ? new(ReasonCodes.GovernorChanged) : null;
}
