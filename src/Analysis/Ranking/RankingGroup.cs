using Fleet.Domain.Results;

namespace Fleet.Analysis.Ranking;

/// <summary>What must be equal for latencies to be ranked with one another. Emulated machines stand by themselves.</summary>
public sealed record RankingGroup(
    string Task, string Device, string Board, bool Emulated, string Runtime, string Engine,
    string Mode, string Phase, string Clock, string Setting, string Metric)
{
    public static RankingGroup Of(ResultRow row) =>
        new(row.Task, row.Device, row.Board, row.Emulated, row.Runtime, row.Engine, row.Mode, row.Phase, row.Clock, row.Setting, row.Metric);
}
