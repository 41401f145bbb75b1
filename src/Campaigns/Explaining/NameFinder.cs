using Fleet.Campaigns.Language;
using Fleet.Domain.Explanations;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Explaining;

/// <summary>Something that a person may name.</summary>
/// <param name="Name">What people call it; for a run, its id.</param>
public sealed record Named(ExplanationSubject Kind, string Id, string Name);

/// <summary>What a name comes to: exactly one of the two is set.</summary>
/// <param name="Problem">Why it is nothing that can be explained, with what was meant perhaps.</param>
public sealed record NameMatch(Named? Found, string? Problem);

/// <summary>Finds what a person named: by an id, by the beginning of one, or by a name.</summary>
public static class NameFinder
{
    /// <summary>The newest campaign.</summary>
    public const string Last = "last";

    private const int MostNamed = 5;

    /// <param name="campaigns">The newest first.</param>
    /// <param name="runs">Those whose ids begin with the reference.</param>
    public static NameMatch Find(string reference, IReadOnlyList<Named> campaigns, IReadOnlyList<Named> devices, IReadOnlyList<Named> runs)
    {
        if (reference == Last)
        {
            return campaigns.Count > 0
                ? new NameMatch(campaigns[0], null)
                : new NameMatch(null, "There is no campaign yet. Start one: fleet campaign run FILE");
        }

        Named[] all = [.. campaigns, .. devices, .. runs];
        if (all.FirstOrDefault(one => one.Id == reference) is { } exact)
        {
            return new NameMatch(exact, null);
        }

        // A board may well be called as some run's id begins: b2, cafe.
        var found = all.Where(one => one.Name.Equals(reference, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (found.Length == 0)
        {
            found = [.. all.Where(one => one.Id.StartsWith(reference, StringComparison.OrdinalIgnoreCase))];
        }

        return found.Length switch
        {
            1 => new NameMatch(found[0], null),
            0 => new NameMatch(null, Unknown(reference, all)),
            _ => new NameMatch(
                null,
                $"'{reference}' may be any of these:"
                    + $" {string.Join(", ", found.Take(MostNamed).Select(one => $"{one.Kind.Word()} {one.Id}"))}{(found.Length > MostNamed ? ", ..." : "")}."
                    + " Give more of the id."),
        };
    }

    private static string Unknown(string reference, IEnumerable<Named> all)
    {
        var nearest = Spelling.Nearest(reference, all.SelectMany(one => new[] { one.Name, one.Id }).Distinct());
        return $"There is no campaign, device or run '{reference}'."
            + $" {(nearest is null ? "See them: fleet campaign list, fleet device list; runs are in fleet campaign export." : $"Did you mean '{nearest}'?")}";
    }
}
