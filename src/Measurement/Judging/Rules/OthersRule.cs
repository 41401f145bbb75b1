using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>
/// The rest of the machine was busy: it shares caches, memory and heat. The kernel counts in 10 ms, so in a short block on few cores less
/// than a quarter is chance.
/// </summary>
public sealed class OthersRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) =>
        block.OthersCpuShare > 0.25 ? new(Suspect, "other processes took more than 25 % of the machine's CPU time") : null;
}
