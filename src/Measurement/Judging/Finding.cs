using Fleet.Measurement.Results;

namespace Fleet.Measurement.Judging;

/// <summary>
/// What a rule has against a block. The words hold no measured number (those stand in the block), so that findings can be counted.
/// </summary>
/// <param name="Validity">Suspect or invalid.</param>
/// <param name="Reason">In plain words.</param>
/// <param name="CanPass">Measuring again may help; false for what lies in the model or the program.</param>
public sealed record Finding(Validity Validity, string Reason, bool CanPass = true);
