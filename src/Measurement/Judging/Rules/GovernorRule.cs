using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

public sealed class GovernorRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.GovernorChanged ? new(Invalid, "the frequency governor was changed during the block") : null;
}
