using System.Text.RegularExpressions;

namespace Fleet.Architecture.Tests;

/// <summary>What can be looked up is there, and nothing points nowhere.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Pages =
        ["README.md", "bench/README.md", "dashboards/README.md", .. Checkout.Files("docs", ".md")];

    [Fact]
    public void Every_environment_variable_that_is_read_is_explained_and_no_other()
    {
        string[] scripts =
            ["fleet", "test.sh", .. Checkout.Files("deploy", ".sh", ".service", ".Containerfile", ".yaml"), .. Checkout.Files("bench", ".sh", ".py")];
        var programs = Checkout.Files("src", ".cs")
            .Concat(Checkout.Files("tests", ".cs"))
            .Where(path => !path.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal))
            .ToArray();
        var read = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in scripts.Concat(programs))
        {
            read.UnionWith(Own().Matches(Checkout.Read(path)).Select(match => match.Value));
        }

        foreach (var path in programs.Where(path => path.StartsWith("src/", StringComparison.Ordinal)))
        {
            read.UnionWith(ReadByName().Matches(Checkout.Read(path)).Select(match => match.Groups["name"].Value));
        }

        foreach (var path in scripts)
        {
            read.UnionWith(WithDefault().Matches(Checkout.Read(path)).Select(match => match.Groups["name"].Value));
        }

        var explained = Explained().Matches(Checkout.Read("docs/environment.md"))
            .SelectMany(row => Name().Matches(row.Groups["names"].Value).Select(match => match.Groups["name"].Value))
            .ToHashSet();
        Assert.True(read.Count > 15);
        None(read.Except(explained).Select(name => $"{name} is read, but docs/environment.md does not explain it."));
        None(explained.Except(read).Select(name => $"docs/environment.md explains {name}, which nothing reads."));
    }

    [Fact]
    public void Every_link_between_pages_leads_to_a_file_and_a_heading()
    {
        var broken =
            from page in Pages
            from Match link in Link().Matches(WithoutCode(Checkout.Read(page)))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            let parts = target.Split('#', 2)
            let file = parts[0].Length == 0
                ? page
                : Path.GetRelativePath(Checkout.Root, Path.Combine(Checkout.Root, Path.GetDirectoryName(page)!, parts[0])).Replace('\\', '/')
            where !Path.Exists(Path.Combine(Checkout.Root, file)) || (parts.Length > 1 && !Anchors(file).Contains(parts[1]))
            select $"{page}: {target}";

        None(broken);
    }

    [Fact]
    public void The_index_lists_every_page_and_the_readme_leads_to_the_index()
    {
        var index = Checkout.Read("docs/README.md");

        None(Checkout.Files("docs", ".md")
            .Select(path => Path.GetFileName(path))
            .Where(page => page != "README.md" && !index.Contains($"({page})", StringComparison.Ordinal)));
        Assert.Contains("(docs/README.md)", Checkout.Read("README.md"), StringComparison.Ordinal);
    }

    private static void None(IEnumerable<string> mistakes) => Assert.Equal("", string.Join(Environment.NewLine, mistakes));

    /// <summary>As web sites that show Markdown make them of headings: lower case, hyphens for spaces, nothing else but letters and digits.</summary>
    private static HashSet<string> Anchors(string page) =>
        [.. Heading().Matches(WithoutCode(Checkout.Read(page)))
            .Select(match => NotInAnchor().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static string WithoutCode(string text) => Fence().Replace(text, "");

    [GeneratedRegex(@"\bFLEET_[A-Z]+(_[A-Z]+)*\b")]
    private static partial Regex Own();

    [GeneratedRegex(@"GetEnvironmentVariable\(""(?<name>\w+)""\)")]
    private static partial Regex ReadByName();

    [GeneratedRegex(@"\$\{(?<name>[A-Z][A-Z_]+):-")]
    private static partial Regex WithDefault();

    [GeneratedRegex(@"^\|(?<names>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Explained();

    [GeneratedRegex("`(?<name>[A-Z_]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
