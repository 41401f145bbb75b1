using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Reports.Html.Writing;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html.Sections;

/// <summary>What could not be done, and why: nothing ends in silence.</summary>
internal static class FailureSection
{
    public static Markup Of(ReportModel model)
    {
        JobSummary[] jobs = [.. model.Campaign.Jobs.Where(job => job.State is JobStatus.Failed or JobStatus.Cancelled)];
        ResultRow[] runs = [.. model.Table.Rows.Select(row => row.Row).Where(row => row.Validity == Validity.Failed)];
        ResultRow[] blockless = [.. model.Table.Rows.Select(row => row.Row).Where(row => row.Reasons.Any(IsOfBlocks))];
        int open = model.Campaign.Summary.Runs - model.Campaign.Summary.RunsClosed;
        if (jobs.Length == 0 && runs.Length == 0 && blockless.Length == 0 && open == 0 && model.Campaign.Notes.Count == 0)
        {
            return Markup.Empty;
        }

        Markup waiting = open == 0
            ? Markup.Empty
            : Markup.Of(
                $"""
                <p class="notice">{Numbers.Count(open, "run is", "runs are")} still open: this report shows what there was when it was made.</p>
                """);
        return Markup.Of(
            $"""
            <section>
            <h2>What is missing</h2>
            {waiting}<ul class="reasons">
            {Markup.Each(jobs, job => Item($"variant {job.State.Word()}", $"{job.Name} ({job.Task})", job.Reason ?? ""))}
            {Markup.Each(runs, Failed)}
            {Markup.Each(blockless, row => Item("blocks unreadable", $"{Name(row)} (run {row.Run})", ReasonText.Of(row.Reasons.Where(IsOfBlocks))))}
            {Markup.Each(model.Campaign.Notes, note => Item("note", "", note))}</ul>
            </section>

            """);
    }

    private static bool IsOfBlocks(Reason reason) => reason.Code == ReasonCodes.BlocksUnreadable;

    private static Markup Failed(ResultRow row) => row.IsReadable
        ? Item("run failed", Name(row), ReasonText.Of(row.Reasons))
        : Item("row unreadable", $"run {row.Run}", ReasonText.Of(row.Reasons));

    private static string Name(ResultRow row) => $"{row.VariantName}, {row.Mode}, on {row.Board}";

    private static Markup Item(string tag, string what, string why)
    {
        Markup subject = what.Length == 0 ? Markup.Empty : Markup.Of($"<strong>{what}</strong>{(why.Length == 0 ? "" : ": ")}");
        return Markup.Of($"""<li><span class="tag invalid">{tag}</span> {subject}{why}</li>""");
    }
}
