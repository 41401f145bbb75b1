using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;

namespace Fleet.Analysis.Ranking;

/// <summary>Which parts of a row may be compared with other rows. Everything that ranks, judges or shows ratios starts from here.</summary>
public static class Comparable
{
    /// <summary>
    /// The rows without the ratios that say nothing: of emulated boards, of runs that are not valid themselves, and to a reference that is
    /// not. The rest of each row stays as it was measured.
    /// </summary>
    /// <param name="rows">Of one campaign.</param>
    /// <param name="reference">The reference's short name.</param>
    public static IReadOnlyList<ResultRow> Of(IReadOnlyList<ResultRow> rows, string reference)
    {
        var references = rows.Where(row => row.VariantName == reference).ToLookup(row => (RankingGroup.Of(row), row.Seed));
        return [.. rows.Select(row => row.RatioToReference is null || HasReference(row) ? row : row with { RatioToReference = null })];

        bool HasReference(ResultRow row)
        {
            if (row.Emulated || !IsTimed(row))
            {
                return false;
            }

            // Where the session measured the reference anew its row is that of another session.
            ResultRow[] all = [.. references[(RankingGroup.Of(row), row.Seed)]];
            ResultRow[] beside = Array.FindAll(all, one => one.Session == row.Session);
            return Array.Exists(beside.Length > 0 ? beside : all, IsTimed);
        }
    }

    /// <summary>Its metric was measured, which what disturbs a latency does not change; but wrong outputs do.</summary>
    public static bool HasMetric(ResultRow row) =>
        row is { Validity: not Validity.Failed, MetricValue: { } metric } && double.IsFinite(metric)
        && row.Reasons.All(reason => reason.Code != ReasonCodes.WrongOutput);

    /// <summary>Something was measured, nothing spoiled it, and its numbers are possible.</summary>
    public static bool IsTimed(ResultRow row) =>
        HasMetric(row) && row is { Validity: Validity.Valid or Validity.Suspect, LatencyUs: { Mean: { } mean } latency }
        && IsTime(mean) && IsTime(latency.P50 ?? mean) && IsTime(row.RatioToReference?.Value ?? 1);

    private static bool IsTime(double value) => double.IsFinite(value) && value > 0;
}
