using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.Measurement.Judging;

/// <summary>What a rule has against a block. It holds no measured number (those stand in the block), so that findings can be counted.</summary>
/// <param name="Reason">Its code says whether the block is suspect or invalid.</param>
/// <param name="CanPass">Measuring again may help; false for what lies in the model or the program.</param>
public sealed record Finding(Reason Reason, bool CanPass = true)
{
    public Finding(string code)
        : this(new Reason(code))
    {
    }

    public Validity Validity => ReasonText.MakesBlockInvalid(Reason.Code) ? Validity.Invalid : Validity.Suspect;
}
