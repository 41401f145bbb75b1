using System.Text.RegularExpressions;

namespace Fleet.Architecture.Tests;

/// <summary>docs/architecture.md draws the house that there is, and names files that are there.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string Page = Checkout.Read("docs/architecture.md");

    [Fact]
    public void The_picture_draws_the_arrows_of_the_table_without_those_that_follow_from_others()
    {
        var table = RoomRow().Matches(Page).ToDictionary(
            row => row.Groups["room"].Value, row => row.Groups["used"].Value is "nothing" ? [] : row.Groups["used"].Value.Split(", "));

        var needed = from room in table.Keys
                     from used in table[room]
                     where !table[room].Any(other => Reach(table, other).Contains(used))
                     select $"{room} --> {used}";

        var drawn = from row in Drawn().Matches(Page)
                    from used in row.Groups["used"].Value.Split(" & ")
                    select $"{row.Groups["room"].Value} --> {used}";
        Assert.Equal(needed.Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_file_and_folder_that_the_page_names_is_there()
    {
        var rooms = RoomRow().Matches(Page).Select(row => row.Groups["room"].Value).ToHashSet();
        var named = Code().Matches(Page).Select(span => span.Groups["path"].Value)
            .Select(path => rooms.Contains(path.Split('/')[0]) ? $"src/{path}" : path)
            .Where(path => path.Split('/')[0] is "src" or "tests" or "docs" or "dashboards")
            .ToHashSet();

        Assert.True(named.Count > 80);
        Assert.All(named, path => Assert.True(Path.Exists(Path.Combine(Checkout.Root, path)), $"docs/architecture.md names {path}, which is not there."));
    }

    private static HashSet<string> Reach(Dictionary<string, string[]> arrows, string room) =>
        [.. arrows[room], .. arrows[room].SelectMany(next => Reach(arrows, next))];

    [GeneratedRegex(@"^\| `src/(?<room>\w+)` \| .+ \| (?<used>[\w, ]+) \|$", RegexOptions.Multiline)]
    private static partial Regex RoomRow();

    [GeneratedRegex(@"^    (?<room>\w+) --> (?<used>.+)$", RegexOptions.Multiline)]
    private static partial Regex Drawn();

    [GeneratedRegex(@"`(?<path>\w[\w.]*(/[\w.]+)*)`")]
    private static partial Regex Code();
}
