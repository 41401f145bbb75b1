using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

public sealed class ThrottlingRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.Throttled == true ? new(Invalid, "the board throttled its clock") : null;
}
