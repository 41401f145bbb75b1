using System.Xml.Linq;

namespace Fleet.Architecture.Tests;

/// <summary>What a project file says of its references.</summary>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> References, IReadOnlyList<string> VersionedPackages)
{
    /// <summary>The room: the folder's name.</summary>
    public string Room => Path.Split('/')[^2];

    public static IReadOnlyList<ProjectFile> In(string folder) => [.. Checkout.Files(folder, ".csproj").Select(Read)];

    private static ProjectFile Read(string path)
    {
        var project = XDocument.Parse(Checkout.Read(path));
        return new ProjectFile(
            path,
            [.. Included(project, "ProjectReference").Select(reference => reference.Replace('\\', '/').Split('/')[^2])],
            [.. project.Descendants("PackageReference")
                .Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null || package.Element("Version") is not null)
                .Select(package => package.Attribute("Include")!.Value)]);
    }

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
