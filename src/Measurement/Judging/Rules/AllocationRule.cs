using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>An inference that allocates is timed together with the collector that cleans up after it.</summary>
public sealed class AllocationRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) =>
        block.Timed.AllocatedBytes > 0 ? new(new Reason(ReasonCodes.Allocation), CanPass: false) : null;
}
