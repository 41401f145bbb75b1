using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

public sealed class GarbageCollectionRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.Timed.Collections > 0 ? new(ReasonCodes.GarbageCollection) : null;
}
