using Fleet.Analysis.Ranking;

namespace Fleet.Reports.Html.Pictures;

/// <summary>
/// Which variants a picture shows: as many as a reader can tell apart, so that neither its size nor the search for its labels' places grows with the campaign.
/// </summary>
internal static class DrawnPoints
{
    public const int Max = 60;

    /// <returns>The ranking itself, or where it has too many points the same with the reference, the best and then the fastest.</returns>
    public static ConditionRanking Of(ConditionRanking ranking)
    {
        if (ranking.Points.Count <= Max)
        {
            return ranking;
        }

        string[] front = [.. ranking.Points.Where(point => point.ParetoBest).Select(point => point.Name)];
        HashSet<string> chosen = [ranking.Reference, .. Thinned(front)];
        string[] others = [.. ranking.Points.Where(point => !point.ParetoBest && !chosen.Contains(point.Name)).Select(point => point.Name)];
        chosen.UnionWith(others.Take(Max - chosen.Count));
        return ranking with { Points = [.. ranking.Points.Where(point => chosen.Contains(point.Name))] };
    }

    /// <summary>A long front keeps its shape.</summary>
    private static IEnumerable<string> Thinned(string[] front) => front.Length < Max
        ? front
        : Enumerable.Range(0, Max - 1).Select(i => front[i * (front.Length - 1) / (Max - 2)]);
}
