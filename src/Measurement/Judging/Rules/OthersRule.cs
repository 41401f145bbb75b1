using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>
/// The rest of the machine was busy: it shares caches, memory and heat. The kernel counts in 10 ms, so in a short block on few cores less
/// than a quarter is chance.
/// </summary>
public sealed class OthersRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) =>
        block.OthersCpuShare > 0.25 ? new(ReasonCodes.OthersBusy) : null;
}
