using System.Text.RegularExpressions;

namespace Fleet.Architecture.Tests;

public sealed partial class RoomTests
{
    /// <summary>The rooms, and what each may reach, directly or through another.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Domain"] = [],
        ["Statistics"] = [],
        ["Os"] = [],
        ["Kernels"] = [],
        ["Interchange"] = ["Kernels"],
        ["Tasks"] = ["Kernels", "Domain"],
        ["Measurement"] = ["Domain", "Statistics"],
        ["Analysis"] = ["Domain", "Statistics"],
        ["Training"] = ["Kernels", "Tasks", "Domain"],
        ["Campaigns"] = ["Domain", "Kernels", "Analysis"],
        ["Reports"] = ["Analysis", "Domain", "Statistics"],
        ["Protocol"] = ["Domain"],
        ["Grains"] = ["Campaigns", "Domain"],
        ["Storage"] = ["Campaigns", "Domain", "Os"],
        ["Silo"] = ["Analysis", "Statistics", "Campaigns", "Domain", "Grains", "Storage", "Reports", "Protocol", "Os"],
        ["Trainer"] = ["Training", "Kernels", "Tasks", "Protocol", "Domain", "Os"],
        ["DeviceAgent"] = ["Kernels", "Tasks", "Measurement", "Statistics", "Protocol", "Domain", "Os"],
        ["Cli"] = ["Campaigns", "Reports", "Domain", "Kernels", "Interchange", "Tasks", "Measurement", "Protocol", "Os"],
    };

    [Fact]
    public void Every_room_of_the_product_is_known_here() =>
        Assert.Equal(Arrows.Keys.Order(StringComparer.Ordinal), ProjectFile.In("src").Select(project => project.Room).Order(StringComparer.Ordinal));

    [Fact]
    public void A_room_refers_only_to_the_rooms_that_it_may()
    {
        var wrong = from project in ProjectFile.In("src")
                    from reference in project.References
                    where !Arrows[project.Room].Contains(reference)
                    select $"{project.Path} refers to {reference}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void What_a_room_reaches_through_others_stays_within_the_arrows_too()
    {
        var references = ProjectFile.In("src").ToDictionary(project => project.Room, project => project.References);
        var allowed = Arrows.Keys.ToDictionary(room => room, room => Reach(room, next => Arrows[next]));
        var wrong = from room in references.Keys
                    from reached in Reach(room, next => references[next])
                    where !allowed[room].Contains(reached)
                    select $"{room} reaches {reached}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_arrows_are_those_that_the_architecture_page_shows()
    {
        var shown = RoomRow().Matches(Checkout.Read("docs/architecture.md")).Select(row => $"{row.Groups["room"].Value}: {row.Groups["used"].Value}");
        var held = Arrows.Select(arrow => $"{arrow.Key}: {(arrow.Value is [] ? "nothing" : string.Join(", ", arrow.Value))}");
        Assert.Equal(held.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Cli", "Grains")]
    [InlineData("Cli", "Silo")]
    [InlineData("Cli", "Training")]
    [InlineData("Grains", "Training")]
    [InlineData("Silo", "Training")]
    [InlineData("Silo", "Trainer")]
    [InlineData("DeviceAgent", "Training")]
    [InlineData("DeviceAgent", "Analysis")]
    public void Rooms_that_only_meet_across_a_process_never_reach_each_other(string room, string other)
    {
        var references = ProjectFile.In("src").ToDictionary(project => project.Room, project => project.References);
        Assert.DoesNotContain(other, Reach(room, next => references[next]));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Checkout.Read("Fleet.sln").Replace('\\', '/');
        var missing = from project in ProjectFile.In("src").Concat(ProjectFile.In("tests"))
                      where !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)
                      select project.Path;
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_room_has_its_tests() =>
        Assert.Empty(Arrows.Keys.Except(ProjectFile.In("tests").Select(project => project.Room.Replace(".Tests", ""))));

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        var wrong = from folder in new[] { "src", "tests" }
                    from project in ProjectFile.In(folder)
                    from package in project.VersionedPackages
                    select $"{project.Path} fixes the version of {package}; that belongs into Directory.Packages.props";
        Assert.Empty(wrong);
    }

    private static HashSet<string> Reach(string room, Func<string, IReadOnlyList<string>> next)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(next(room));
        while (open.TryDequeue(out var found))
        {
            if (reached.Add(found))
            {
                foreach (var further in next(found))
                {
                    open.Enqueue(further);
                }
            }
        }

        return reached;
    }

    [GeneratedRegex(@"^\| `src/(?<room>\w+)` \| .+ \| (?<used>[\w, ]+) \|$", RegexOptions.Multiline)]
    private static partial Regex RoomRow();
}
