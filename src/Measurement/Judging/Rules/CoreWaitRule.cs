using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>Another process held the measured core.</summary>
public sealed class CoreWaitRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.CoreWaitShare switch
    {
        > 0.50 => new(ReasonCodes.CoreTaken),
        > 0.05 => new(ReasonCodes.CoreShared),
        _ => null,
    };
}
