using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>Another process held the measured core.</summary>
public sealed class CoreWaitRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.CoreWaitShare switch
    {
        > 0.50 => new(Invalid, "other processes held the measured core for more than half of the block"),
        > 0.05 => new(Suspect, "other processes held the measured core for more than 5 % of the block"),
        _ => null,
    };
}
