using static Fleet.Measurement.Results.Validity;

namespace Fleet.Measurement.Judging.Rules;

public sealed class UnderVoltageRule : IBlockRule
{
    public Finding? Judge(BlockFacts block) => block.UnderVoltage == true ? new(Invalid, "the supply voltage was too low: use a stronger power supply or a shorter cable") : null;
}
