using Fleet.Domain.Rankings;

namespace Fleet.Reports.Model;

/// <summary>How often a published claim holds, over all benchmarks, compression factors, devices and modes.</summary>
/// <param name="Kind"><see cref="ClaimKinds"/></param>
public sealed record ClaimCount(string Kind, int Holds, int DoesNotHold, int NotDecided)
{
    /// <summary>The claim about the method, whatever the variants.</summary>
    public string Title => ClaimKinds.Title(Kind);

    public int Judged => Holds + DoesNotHold + NotDecided;

    /// <summary>One for each claim that was judged, in the order of <see cref="ClaimKinds.All"/>.</summary>
    public static IReadOnlyList<ClaimCount> All(IReadOnlyList<ClaimVerdict> claims)
    {
        return [.. ClaimKinds.All.Select(Of).Where(count => count.Judged > 0)];

        ClaimCount Of(string kind)
        {
            var verdicts = claims.Where(claim => claim.Kind == kind).CountBy(claim => claim.Verdict).ToDictionary();
            var (holds, not) = (verdicts.GetValueOrDefault(ClaimWords.Holds), verdicts.GetValueOrDefault(ClaimWords.DoesNotHold));
            return new ClaimCount(kind, holds, not, verdicts.Values.Sum() - holds - not);
        }
    }
}
