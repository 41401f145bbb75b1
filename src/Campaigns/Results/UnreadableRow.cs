using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Results;

/// <summary>Stands for a stored row that cannot be read, so that it is seen, and the others with it.</summary>
public static class UnreadableRow
{
    /// <param name="why">What is wrong with it.</param>
    public static ResultRow Of(string campaign, string run, string why) => new()
    {
        Campaign = campaign,
        Run = run,
        Session = "",
        Variant = "",
        VariantName = "",
        Task = "",
        Cell = "",
        Method = "",
        MethodParameters = new Dictionary<string, string>(),
        Precision = "",
        Seed = 0,
        Replicate = 0,
        Device = "",
        Board = "",
        Arch = "",
        Isa = "",
        Emulated = false,
        Runtime = "",
        Engine = "",
        Mode = "",
        Phase = "",
        Clock = "",
        Metric = "",
        Validity = Validity.Failed,
        Reasons = [new Reason(ReasonCodes.RowUnreadable, Detail: PlainText.Clean(why, PlainText.MaxDetail))],
        StartedAt = DateTimeOffset.UnixEpoch,
        AgentVersion = "",
    };
}
