using Fleet.Campaigns.Running;
using Fleet.Domain.Explanations;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Explaining;

/// <summary>Why a run has no result yet, or ended as it did.</summary>
public static class RunExplanation
{
    /// <summary>Of a run that is closed.</summary>
    public static Explanation Of(ResultRow row, string device) =>
        Explain(row.Run, $"{row.VariantName}, {row.Mode} on {device}", row.Validity.Word(), CauseOf(row));

    private static Cause CauseOf(ResultRow row) => row.Validity switch
    {
        Validity.Failed => new Cause
        {
            Kind = CauseKind.RunFailed,
            Text = $"The run failed: {ReasonText.Of(row.Reasons)}",
            WayOut = $"When the reason is gone, run the file of campaign {row.Campaign} again with --new.",
        },
        Validity.Valid => new Cause { Kind = CauseKind.Done, Text = "The run was measured, and nothing speaks against it. There is nothing to explain." },
        Validity.Invalid => new Cause
        {
            Kind = CauseKind.NothingRanked,
            Text = $"The run was measured, but its latency does not count: {ReasonText.Of(row.Reasons)}. Its accuracy and size hold.",
            WayOut = "Measure again on a quiet machine, with nothing else at work there: fleet campaign run FILE --new. The trained model is kept.",
        },
        _ => new Cause { Kind = CauseKind.Done, Text = $"The run was measured and is {row.Validity.Word()}: {ReasonText.Of(row.Reasons)}" },
    };

    /// <summary>Of a run that is open.</summary>
    public static Explanation Of(RunPlace run, CampaignFacts facts)
    {
        var job = facts.View.Detail.Jobs.First(one => one.Variant == run.Variant);
        var part = facts.View.Detail.Devices.First(one => one.Device == run.Device);
        var cause = CampaignExplanation.Standstill(facts)
            ?? TrainingCauses.Of(job, facts.Queue)
            ?? CampaignExplanation.Board(part, facts);
        return Explain(run.Run, $"{job.Name}, {run.Condition.Mode.Word()} on {part.Name}", "open", cause);
    }

    private static Explanation Explain(string run, string name, string state, Cause cause) =>
        new() { Kind = ExplanationSubject.Run, Id = run, Name = name, State = state, Causes = [cause] };
}
