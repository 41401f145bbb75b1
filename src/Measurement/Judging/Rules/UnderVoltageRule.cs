using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

public sealed class UnderVoltageRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.UnderVoltage == true ? new(ReasonCodes.UnderVoltage) : null;
}
