using Fleet.Analysis.Claims;
using Fleet.Analysis.Comparing;
using Fleet.Analysis.Ranking;
using Fleet.Protocol.Api;
using Fleet.Protocol.Results;

namespace Fleet.Analysis;

/// <summary>Puts beside each row of a campaign what the analysis says of it.</summary>
public static class CampaignAnalysis
{
    /// <param name="summary">The campaign.</param>
    /// <param name="rows">Its results.</param>
    /// <param name="reference">The reference's short name.</param>
    /// <param name="margin">Ratios from 1/(1 + margin) to 1 + margin count as the same.</param>
    public static CampaignTable Table(
        CampaignSummary summary, IReadOnlyList<ResultRow> rows, string reference, double margin = RatioVerdict.DefaultMargin)
    {
        Dictionary<Condition, HashSet<string>> best = ConditionRanking.All(rows, reference, margin)
            .ToDictionary(ranking => ranking.Condition, ranking => ranking.Points.Where(point => point.ParetoBest).Select(point => point.Name).ToHashSet());
        return new CampaignTable
        {
            Summary = summary,
            Rows = [.. rows.Select(row => ToTableRow(row, best, reference, margin))],
            Claims = PublishedClaims.Judge(rows, reference),
        };
    }

    private static TableRow ToTableRow(ResultRow row, Dictionary<Condition, HashSet<string>> best, string reference, double margin)
    {
        if (!ConditionRanking.Counts(row))
        {
            return new TableRow { Row = row, ParetoBest = false };
        }

        Verdict? verdict = row.VariantName == reference ? Verdict.Reference
            : row.RatioToReference is { } ratio ? RatioVerdict.Of(ratio, margin)
            : null;
        return new TableRow
        {
            Row = row,
            ParetoBest = best[Condition.Of(row)].Contains(row.VariantName),
            Verdict = verdict?.Text,
        };
    }
}
