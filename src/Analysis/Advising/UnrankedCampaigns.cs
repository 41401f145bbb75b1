using Fleet.Analysis.Ranking;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;

namespace Fleet.Analysis.Advising;

/// <summary>Says of a campaign of which no run could be ranked that it is so, why, and what to do.</summary>
public static class UnrankedCampaigns
{
    /// <returns>Null where a run has a latency that counts, or none has ended.</returns>
    public static UnrankedCampaign? Of(CampaignSummary summary, IReadOnlyList<ResultRow> rows) => rows.Count == 0 || rows.Any(Comparable.IsTimed)
        ? null
        : new(
            $"{(summary.RunsClosed < summary.Runs ? "So far no" : "No")} run could be ranked: {Count(rows)}.",
            Reasons(rows),
            rows.Any(row => row.Validity == Validity.Invalid)
                ? "Measure again on a quiet machine, with nothing else at work there: fleet campaign run FILE --new, or fleet quickstart once more. "
                    + "Trained models are kept, and accuracies and sizes hold as they are."
                : "When the reason is gone, measure again: fleet campaign run FILE --new. Trained models are kept.");

    /// <summary>Of some rows without a latency that counts: "of 10 runs 8 are invalid and 2 failed".</summary>
    public static string Count(IReadOnlyList<ResultRow> rows)
    {
        var invalid = rows.Count(row => row.Validity == Validity.Invalid);
        var failed = rows.Count(row => row.Validity == Validity.Failed);
        var other = rows.Count - invalid - failed;
        string[] parts =
        [
            .. invalid > 0 ? [$"{invalid} {(invalid == 1 ? "is" : "are")} invalid"] : Array.Empty<string>(),
            .. failed > 0 ? [$"{failed} failed"] : Array.Empty<string>(),
            .. other > 0 ? [$"{other} {(other == 1 ? "has" : "have")} no possible numbers"] : Array.Empty<string>(),
        ];
        return parts is [var only] && rows.Count > 1
            ? $"all {rows.Count} runs {(invalid > 0 ? "are invalid" : failed > 0 ? "failed" : "have no possible numbers")}"
            : rows.Count == 1 ? $"its only run {(invalid > 0 ? "is invalid" : failed > 0 ? "failed" : "has no possible numbers")}"
            : $"of {rows.Count} runs {string.Join(" and ", parts)}";
    }

    /// <summary>Why rows are not valid, by code.</summary>
    public static IReadOnlyList<ReasonCount> Reasons(IEnumerable<ResultRow> rows) =>
    [
        .. rows.SelectMany(row => row.Reasons.DistinctBy(Key))
            .GroupBy(Key)
            .Select(same => new ReasonCount(same.Key.Code, same.Count(), Text([.. same])))
            .OrderByDescending(reason => reason.Runs)
            .ThenByDescending(reason => ReasonText.MakesBlockInvalid(reason.Code)),
    ];

    /// <summary>In one line: "core-taken in 10 runs (other processes held the measured core ...)".</summary>
    public static string Line(ReasonCount reason) => reason.Code == ReasonCodes.Text
        ? $"{Runs(reason.Runs)}: {reason.Text}"
        : $"{reason.Code} in {Runs(reason.Runs)}: {reason.Text}";

    /// <summary>Of blocks what was found, however many they are; of a run as a whole the worst, for its words need the numbers.</summary>
    private static string Text(IReadOnlyList<Reason> same) => ReasonText.IsOfBlock(same[0].Code)
        ? ReasonText.Of(same[0] with { Count = null, Total = null })
        : (same.Any(reason => reason.Count != same[0].Count) ? "at worst, " : "") + ReasonText.Of(same.MinBy(reason => reason.Count)!);

    private static string Runs(int count) => count == 1 ? "1 run" : $"{count} runs";

    // Words without a code differ by what they say; a code's own words are the same, whatever the detail.
    private static (string Code, string? Detail) Key(Reason reason) => (reason.Code, reason.Code == ReasonCodes.Text ? reason.Detail : null);
}
