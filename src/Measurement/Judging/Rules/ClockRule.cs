using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging.Rules;

/// <summary>
/// The core did not run at its clock. A counted clock is believed; what the kernel reports is only a hint, and on machines with a turbo it
/// never reaches the nominal one, so there a fall within the session counts.
/// </summary>
public sealed class ClockRule : IBlockRule
{
    private const double MinRatio = 0.9;

    public Finding? Judge(BlockFacts block) => block switch
    {
        { ClockRatio: not { } } => null,
        { ClockIsMeasured: true } => block.ClockRatio < MinRatio ? new(ReasonCodes.ClockLow) : null,
        _ => block.ClockRatio < MinRatio * block.BestClockRatio ? new(ReasonCodes.ClockReportedLow) : null,
    };
}
