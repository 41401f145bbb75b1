using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Sessions;

/// <summary>The end of one (variant, mode): a measurement, or the reason why there is none.</summary>
public sealed record RunOutcome
{
    public required string Variant { get; init; }
    public required InferenceMode Mode { get; init; }
    public RunMeasurement? Measurement { get; init; }
    /// <summary>Set where <see cref="Measurement"/> is null.</summary>
    public Reason? Failure { get; init; }
}
