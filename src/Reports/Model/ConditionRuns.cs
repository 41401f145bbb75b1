using Fleet.Analysis.Ranking;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;

namespace Fleet.Reports.Model;

/// <summary>A condition's runs with what was measured of them; failed ones have rows only.</summary>
internal sealed record ConditionRuns(RankingGroup Condition, IReadOnlyList<ResultRow> Rows, IReadOnlyList<RunMeasurement> Measurements)
{
    public IEnumerable<Block> Blocks => Measurements.SelectMany(measurement => measurement.Blocks);

    public static IReadOnlyList<ConditionRuns> All(ReportModel model) =>
    [
        .. model.Table.Rows.Select(row => row.Row).GroupBy(RankingGroup.Of).Select(rows => new ConditionRuns(
            rows.Key, [.. rows], [.. rows.Select(row => model.Measurements.GetValueOrDefault(row.Run)).OfType<RunMeasurement>()]))
        .Where(condition => condition.Measurements.Count > 0)
        .OrderBy(condition => condition.Condition.Device, StringComparer.Ordinal),
    ];
}
