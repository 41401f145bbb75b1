using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

public sealed class GarbageCollectionRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.Timed.Collections > 0 ? new(Invalid, "a garbage collection ran during the block") : null;
}
