using System.Text.RegularExpressions;

namespace Fleet.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int MaxLines = 400;
    private const int MaxColumns = 160;

    /// <summary>Files that may break a rule, each with its reason. A line that no longer applies is itself a failure.</summary>
    private static readonly Dictionary<(string Path, string Rule), string> Exemptions = new()
    {
        [("tests/Os.Tests/State/PlacesTests.cs", "home")] = "an imagined user's home folder is what it tests",
    };

    [Fact]
    public void No_source_file_is_longer_than_a_person_reads_at_once() =>
        Check("length", ["src", "tests"], (_, lines) => lines.Length > MaxLines ? [(1, $"{lines.Length} lines")] : []);

    [Fact]
    public void No_line_is_wider_than_a_screen() =>
        Check("width", ["src", "tests"], (path, lines) =>
            from line in lines.Index()
            where path.EndsWith(".cs", StringComparison.Ordinal) && line.Item.Length > MaxColumns
            select (line.Index + 1, $"{line.Item.Length} columns"));

    [Fact]
    public void No_file_names_a_folder_of_its_authors_machine() =>
        Check("home", ["src", "tests", "campaigns", "docs", "deploy", "dashboards", "bench"], (_, lines) => Matching(lines, HomePath()));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Check("unfinished", ["src", "tests"], (_, lines) => Matching(lines, Unfinished()));

    [Fact]
    public void Nothing_sleeps_on_a_thread() =>
        Check("sleep", ["src", "tests"], (_, lines) => Matching(lines, Sleep()));

    [Fact]
    public void The_clock_is_always_given() =>
        Check("clock", ["src"], (_, lines) => Matching(lines, WallClock()));

    [Fact]
    public void The_launcher_the_tests_and_CI_can_be_executed()
    {
        foreach (var script in (string[])["fleet", "test.sh", ".ci/run"])
        {
            var path = Path.Combine(Checkout.Root, script);
            Assert.True(File.Exists(path), $"{script} is missing.");
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{script} cannot be executed.");
        }
    }

    [Fact]
    public void The_licence_lies_at_the_root() =>
        Assert.StartsWith("MIT License", Checkout.Read("LICENSE"), StringComparison.Ordinal);

    [Fact]
    public void The_SDK_is_fixed_to_one_that_can_be_had_by_everybody() =>
        Assert.Contains("\"allowPrerelease\": false", Checkout.Read("global.json"), StringComparison.Ordinal);

    private static void Check(string rule, string[] folders, Func<string, string[], IEnumerable<(int Line, string Text)>> find)
    {
        var broken = from folder in folders
                     where Directory.Exists(Path.Combine(Checkout.Root, folder))
                     from path in Checkout.Files(folder, ".cs", ".proto", ".md", ".yaml", ".yml", ".json", ".html", ".css", ".js", ".sh")
                     where path != "tests/Architecture.Tests/SourceTests.cs"
                     from place in find(path, Checkout.ReadLines(path))
                     select (Path: path, Message: $"{path}:{place.Line}: {place.Text}");
        var all = broken.ToList();
        var found = string.Join(Environment.NewLine, all.Where(one => !Exemptions.ContainsKey((one.Path, rule))).Select(one => one.Message));
        Assert.True(found.Length == 0, found);
        Assert.DoesNotContain(Exemptions.Keys, key => key.Rule == rule && all.TrueForAll(one => one.Path != key.Path));
    }

    private static IEnumerable<(int Line, string Text)> Matching(string[] lines, Regex pattern) =>
        lines.Index().Where(line => pattern.IsMatch(line.Item)).Select(line => (line.Index + 1, line.Item.Trim()));

    [GeneratedRegex(@"(?<![\w.}*-])/(work|root|home|Users|tmp/wt)/")]
    private static partial Regex HomePath();

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bDateTime(Offset)?\s*\.\s*(Utc)?Now\b")]
    private static partial Regex WallClock();
}
