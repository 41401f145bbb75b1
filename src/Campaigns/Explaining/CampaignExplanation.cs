using Fleet.Analysis.Advising;
using Fleet.Campaigns.Text;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Explaining;

/// <summary>Why a campaign stands where it stands.</summary>
public static class CampaignExplanation
{
    /// <summary>What a person must do something about comes first, what only takes its time last.</summary>
    private static readonly CauseKind[] Weight =
    [
        CauseKind.NoDevice, CauseKind.DeviceSilent, CauseKind.DeviceLeft, CauseKind.TrainingFailed, CauseKind.RunFailed, CauseKind.TrainingWaits,
        CauseKind.DeviceBusy, CauseKind.DeviceMeasures, CauseKind.Training, CauseKind.TrainingQueued, CauseKind.DeviceWaits,
    ];

    public static Explanation Of(CampaignFacts facts) => new()
    {
        Kind = ExplanationSubject.Campaign,
        Id = facts.Campaign,
        Name = facts.Summary.Name,
        State = facts.Summary.State.Word(),
        Causes = [.. Standstill(facts) is { } standstill ? [standstill, .. Unranked(facts), .. Failures(facts.Failed)] : Running(facts)],
    };

    /// <summary>Why nothing happens at all; null while the campaign runs.</summary>
    public static Cause? Standstill(CampaignFacts facts) => facts.Summary.State switch
    {
        CampaignStatus.Running => null,
        CampaignStatus.Paused => new Cause
        {
            Kind = CauseKind.Paused,
            Text = $"Campaign {facts.Campaign} is paused: nothing is trained or measured for it, and nothing that it has is lost.",
            WayOut = $"Resume it: fleet campaign resume {facts.Campaign}",
        },
        CampaignStatus.Cancelled => new Cause
        {
            Kind = CauseKind.Cancelled,
            Text = $"Campaign {facts.Campaign} was cancelled. The {Wording.Runs(facts.Summary.RunsClosed)} that had ended by then are kept.",
            WayOut = "Run its file again: that starts a new campaign, which takes the trained variants as they are.",
        },
        CampaignStatus.Failed => new Cause
        {
            Kind = CauseKind.Failed,
            Text = $"Campaign {facts.Campaign} failed: {facts.View.Detail.Notes.FirstOrDefault() ?? "it gave no reason"}",
            WayOut = "When the reason is gone, run its file again: failed variants are then tried again.",
        },
        _ => new Cause
        {
            Kind = CauseKind.Done,
            Text = facts.Summary.RunsFailed == 0
                ? $"Campaign {facts.Campaign} is complete: each of its {Wording.Runs(facts.Summary.Runs)} has a result."
                    + (UnrankedCampaigns.Of(facts.Summary, facts.Rows) is null ? " There is nothing to explain." : "")
                : $"Campaign {facts.Campaign} is complete, and {facts.Summary.RunsFailed} of its {Wording.Runs(facts.Summary.Runs)} failed.",
        },
    };

    private static IEnumerable<Cause> Running(CampaignFacts facts)
    {
        var jobs = facts.View.Detail.Jobs.Select(job => TrainingCauses.Of(job, facts.Queue)).OfType<Cause>();
        Cause[] found = [.. Boards(facts), .. jobs, .. Failures([.. facts.Failed.Where(row => !NamesTraining(row, facts))])];
        return found.Length > 0
            ? found.OrderBy(cause => Array.IndexOf(Weight, cause.Kind))
            : [new Cause { Kind = CauseKind.Done, Text = $"All that campaign {facts.Campaign} wants is done; it ends within seconds." }];
    }

    private static IEnumerable<Cause> Boards(CampaignFacts facts)
    {
        var asked = facts.View.Specification.Devices;
        var part = facts.View.Detail.Devices;
        if (part.Count == 0)
        {
            var matching = facts.Devices.Where(device => TagSelector.Matches(device.Tags, asked)).ToArray();
            return matching.Length == 0
                ? [DeviceCauses.None(asked, facts.Devices)]
                : matching.Select(device => DeviceCauses.Of(device, facts.Campaign, facts.View.Specification.RunsPerDevice, "", facts.Now));
        }

        return from one in part
               where one.RunsClosed < one.Runs
               select Board(one, facts);
    }

    // What failed is told of by itself.
    private static IEnumerable<Cause> Unranked(CampaignFacts facts) =>
        facts.Failed.Count == facts.Rows.Count || UnrankedCampaigns.Of(facts.Summary, facts.Rows) is not { } unranked
        ? []
        :
        [
            new Cause
            {
                Kind = CauseKind.NothingRanked,
                Text = string.Join(" ", [unranked.Text, .. unranked.Reasons.Select(reason => $"{UnrankedCampaigns.Line(reason)}.")]),
                WayOut = unranked.WayOut,
            },
        ];

    /// <summary>Why a device that has taken part has not done all that is wanted of it.</summary>
    public static Cause Board(CampaignDeviceState part, CampaignFacts facts) =>
        part.Left is null && facts.Devices.FirstOrDefault(device => device.Device == part.Device) is { } device
            ? DeviceCauses.Of(device, facts.Campaign, part.Runs - part.RunsClosed, part.Activity, facts.Now, part.WaitedForUntil)
            : part.Left is null && part.WaitedForUntil is not null ? DeviceCauses.Unlisted(part)
            : DeviceCauses.Left(part, facts.Campaign);

    private static IEnumerable<Cause> Failures(IReadOnlyList<ResultRow> failed) =>
        from row in failed
        group row by ReasonText.Of(row.Reasons) into same
        orderby same.Count() descending
        let variants = string.Join(", ", same.Select(row => row.VariantName).Distinct())
        select new Cause { Kind = CauseKind.RunFailed, Text = $"{Wording.Runs(same.Count())} failed ({variants}): {same.Key}" };

    // A variant's failure is told once, not for each of its runs.
    private static bool NamesTraining(ResultRow row, CampaignFacts facts) =>
        facts.View.Detail.Jobs.Any(job => job.Variant == row.Variant && job.State == JobStatus.Failed);
}
