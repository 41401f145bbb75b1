using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

public sealed class MajorFaultRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.MajorFaults > 0 ? new(Suspect, "memory pages were read from disk during the block") : null;
}
