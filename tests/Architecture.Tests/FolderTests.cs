using System.Text.RegularExpressions;

namespace Fleet.Architecture.Tests;

/// <summary>A room is read from folder to folder, along arrows that never lead back.</summary>
public sealed partial class FolderTests
{
    public static TheoryData<string> Rooms => [.. ProjectFile.In("src").Select(project => project.Room)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void There_is_no_circle_between_the_folders_of_a_room(string room)
    {
        var circles = FolderGraph.Of(ProjectFile.In("src").Single(project => project.Room == room)).DescribeCircles();
        Assert.True(circles.Length == 0, circles);
    }

    [Fact]
    public void A_circle_is_reported_with_the_types_that_cause_it()
    {
        var graph = new FolderGraph([("A", "B", "x uses y"), ("B", "C", "y uses z"), ("C", "B", "z uses w"), ("C", "D", "z uses v"), ("A", "A", "x uses u")]);

        Assert.Equal(["Circle of B, C:", "  B -> C: y uses z", "  C -> B: z uses w"], graph.DescribeCircles().Split(Environment.NewLine));
        Assert.Equal("", new FolderGraph([("A", "B", "x uses y"), ("A", "C", "x uses z"), ("B", "C", "y uses z")]).DescribeCircles());
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void The_namespace_of_a_file_says_in_which_folder_it_lies(string area)
    {
        var wrong = from project in ProjectFile.In(area)
                    let folder = Path.GetDirectoryName(project.Path)!
                    from path in Checkout.Files(folder, ".cs")
                    from Match declaration in Namespace().Matches(Checkout.Read(path))
                    let within = Path.GetDirectoryName(Path.GetRelativePath(folder, path))!.Replace(Path.DirectorySeparatorChar, '.')
                    let expected = within.Length == 0 ? project.RootNamespace : $"{project.RootNamespace}.{within}"
                    where declaration.Groups["name"].Value != expected
                    select $"{path} says {declaration.Groups["name"].Value} and not {expected}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
