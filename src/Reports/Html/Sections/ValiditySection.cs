using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;
using Fleet.Reports.Html.Writing;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html.Sections;

/// <summary>How far the numbers can be trusted: every block's validity, with reasons counted.</summary>
internal static class ValiditySection
{
    public static Markup Of(ReportModel model, IReadOnlyList<ConditionRuns> conditions) => conditions.Count == 0 ? Markup.Empty : Markup.Of(
        $"""
        <section>
        <h2>Validity</h2>
        <p>A block is a sequence of repeated inferences of one variant. Invalid blocks were measured again and do not count; suspect ones count, and say why
        they are suspect. A run with more than a fifth of its blocks suspect is suspect itself.</p>
        {Markup.Each(conditions, condition => Of(model, condition))}</section>

        """);

    private static Markup Of(ReportModel model, ConditionRuns condition)
    {
        Block[] blocks = [.. condition.Blocks];
        Markup parts = Markup.Each([Validity.Valid, Validity.Suspect, Validity.Invalid], validity => Part(blocks, validity));
        string counts = string.Join(", ", new[] { Validity.Valid, Validity.Suspect, Validity.Invalid }
            .Select(validity => (validity, count: blocks.Count(block => block.Validity == validity)))
            .Where(part => part.count > 0)
            .Select(part => $"{Numbers.Count(part.count)} {part.validity.Word()}"));
        return Markup.Of(
            $"""
            <h3>{Names.Device(model, condition.Condition)}, {condition.Condition.Mode}{Names.Setting(condition.Condition)}</h3>
            <div class="stack" role="img" aria-label="{counts}">{parts}</div>
            <p class="caption">{Numbers.Count(blocks.Length, "block", "blocks")}: {counts}.</p>
            {Reasons(blocks)}
            """);
    }

    private static Markup Part(Block[] blocks, Validity validity)
    {
        double share = 100.0 * blocks.Count(block => block.Validity == validity) / Math.Max(1, blocks.Length);
        return share == 0 ? Markup.Empty : Markup.Of($"""<span class="s-{validity.Word()}" style="width:{share}%"></span>""");
    }

    private static Markup Item(string validity, int count, string reason) =>
        Markup.Of($"""<li><span class="tag {validity}">{Numbers.Count(count)} {validity}</span> {reason}</li>""");

    private static Markup Reasons(Block[] blocks)
    {
        var reasons = blocks
            .SelectMany(block => block.Reasons.Select(reason => (block.Validity, reason)))
            .GroupBy(finding => finding)
            .OrderByDescending(group => group.Key.Validity)
            .ThenByDescending(group => group.Count())
            .ToList();
        return reasons.Count == 0 ? Markup.Empty : Markup.Of(
            $"""
            <ul class="reasons">
            {Markup.Each(reasons, group => Item(group.Key.Validity.Word(), group.Count(), ReasonText.Of(group.Key.reason)))}</ul>

            """);
    }
}
