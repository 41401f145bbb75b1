using Fleet.Analysis.Advising;
using Fleet.Analysis.Claims;
using Fleet.Analysis.Comparing;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Domain.Results;
using Fleet.Statistics;

namespace Fleet.Analysis;

/// <summary>Puts beside each row of a campaign what the analysis says of it.</summary>
public static class CampaignAnalysis
{
    /// <param name="summary">The campaign.</param>
    /// <param name="rows">Its results.</param>
    /// <param name="reference">The reference's short name.</param>
    /// <param name="claims">It asks for the published claims to be judged.</param>
    /// <param name="margin">Ratios from 1/(1 + margin) to 1 + margin count as the same.</param>
    public static CampaignTable Table(
        CampaignSummary summary, IReadOnlyList<ResultRow> rows, string reference, bool claims = false, double margin = RatioVerdict.DefaultMargin)
    {
        IReadOnlyList<ResultRow> comparable = Comparable.Of(rows, reference);
        IReadOnlyList<ConditionRanking> rankings = ConditionRanking.All(comparable, reference, margin);
        Dictionary<RankingGroup, HashSet<string>> best = rankings.ToDictionary(
            ranking => ranking.Condition,
            ranking => ranking.Points.Where(point => point.ParetoBest).Select(point => point.Name).ToHashSet());
        return new CampaignTable
        {
            Summary = summary,
            Rows = [.. comparable.Select(row => ToTableRow(row, best, reference, margin))],
            Conditions = [.. rankings.Select(ToConditionTable)],
            Unranked = UnrankedCampaigns.Of(summary, rows),
            ClaimsAsked = claims,
            Claims = claims ? PublishedClaims.Judge(comparable, reference) : [],
        };
    }

    private static TableRow ToTableRow(ResultRow row, Dictionary<RankingGroup, HashSet<string>> best, string reference, double margin)
    {
        if (row.Emulated || !Comparable.IsTimed(row))
        {
            return new TableRow { Row = row, ParetoBest = false };
        }

        Verdict? verdict = row.VariantName == reference ? Verdict.Reference
            : row.RatioToReference is { } ratio ? RatioVerdict.Of(ratio, margin)
            : null;
        return new TableRow
        {
            Row = row,
            ParetoBest = best[RankingGroup.Of(row)].Contains(row.VariantName),
            Verdict = verdict?.Text,
        };
    }

    private static ConditionTable ToConditionTable(ConditionRanking ranking)
    {
        ResultRow first = ranking.Points[0].Rows[0];
        return new ConditionTable
        {
            Task = first.Task,
            Device = first.Device,
            Board = first.Board,
            Arch = first.Arch,
            Isa = first.Isa,
            Emulated = first.Emulated,
            Runtime = first.Runtime,
            Engine = first.Engine,
            Mode = first.Mode,
            Phase = first.Phase,
            Clock = first.Clock,
            Setting = first.Setting,
            Metric = first.Metric,
            Reference = ranking.Reference,
            LatencyName = ranking.LatencyName,
            Advice = ShippingAdvice.Of(ranking),
            Variants = [.. ranking.Points.Select(ToVariantResult)],
        };
    }

    private static VariantResult ToVariantResult(VariantPoint point) => new()
    {
        Name = point.Name,
        Method = point.Method,
        Precision = point.Precision,
        Seeds = point.Seeds,
        Runs = point.Rows.Count,
        RunsTimed = point.Timed.Count,
        Validity = point.Validity,
        Metric = Interval(point.Metric),
        MetricGain = Interval(point.MetricVerdict?.Gain),
        MetricVerdict = point.MetricVerdict?.Text,
        LatencyUs = Interval(point.LatencyMicroseconds),
        Ratio = Interval(point.Ratio),
        Verdict = point.Verdict?.Text,
        Standing = point.Standing switch
        {
            Standing.Best => StandingWords.Best,
            Standing.NotToldApart => StandingWords.NotToldApart,
            Standing.Beaten => StandingWords.Beaten,
            _ => null,
        },
        ModelBytes = point.Rows.FirstOrDefault(row => row.ModelBytes is not null)?.ModelBytes,
        Compression = point.Rows.FirstOrDefault(row => row.Compression is not null)?.Compression,
    };

    private static IntervalOf? Interval(Estimate? estimate) => estimate is null ? null : new IntervalOf(estimate.Value, estimate.Low, estimate.High);
}
