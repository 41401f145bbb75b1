using System.Globalization;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Domain.Tasks;
using Fleet.Reports.Quantities;

namespace Fleet.Reports.Model;

/// <summary>Published claims in plain text.</summary>
internal static class ClaimText
{
    /// <summary>How many devices run times are of: where there is one, it need not be named.</summary>
    public static int Devices(IReadOnlyList<CampaignTable> tables) =>
        tables.SelectMany(table => table.Claims).Select(claim => claim.Device).OfType<string>().Distinct().Count();

    /// <summary>A sentence for each claim that was judged.</summary>
    public static IEnumerable<string> Counts(IReadOnlyList<CampaignTable> tables) =>
        ClaimCount.All([.. tables.SelectMany(table => table.Claims)]).Select(count => string.Create(
            CultureInfo.InvariantCulture,
            $"{count.Title}: holds in {count.Holds} of {count.Judged}, does not in {count.DoesNotHold}, not decided in {count.NotDecided}."));

    public static string Value(ClaimVerdict claim, double value) =>
        claim.IsRunTime ? Quantity.Ratio(value) : TaskMetric.Of(claim.Measure).WriteDifference(value);

    public static string Interval(ClaimVerdict claim) =>
        claim is { Low: { } low, High: { } high } ? $"{Value(claim, low)} to {Value(claim, high)}" : Quantity.None;
}
