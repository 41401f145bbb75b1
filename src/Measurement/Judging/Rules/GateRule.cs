using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

public sealed class GateRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.GateGaveUp ? new(Suspect, "the board had not cooled down to where the session started, and the wait for it was used up") : null;
}
