using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

public sealed class MajorFaultRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.MajorFaults > 0 ? new(ReasonCodes.MajorFaults) : null;
}
