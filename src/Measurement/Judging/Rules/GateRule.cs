using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

public sealed class GateRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.GateGaveUp ? new(ReasonCodes.NotCooled) : null;
}
