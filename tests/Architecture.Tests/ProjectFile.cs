using System.Xml.Linq;

namespace Fleet.Architecture.Tests;

/// <summary>What a project file says of its references and of what it builds.</summary>
internal sealed record ProjectFile(string Path, string Assembly, IReadOnlyList<string> References, IReadOnlyList<string> VersionedPackages)
{
    /// <summary>The room: the folder's name.</summary>
    public string Room => Path.Split('/')[^2];

    public string RootNamespace => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Built in the same configuration as these tests were, and by the same build.</summary>
    public string BuiltAssembly
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return System.IO.Path.Combine(Checkout.Root, System.IO.Path.GetDirectoryName(Path)!, "bin", output.Parent!.Name, output.Name, $"{Assembly}.dll");
        }
    }

    public static IReadOnlyList<ProjectFile> In(string folder) => [.. Checkout.Files(folder, ".csproj").Select(Read)];

    private static ProjectFile Read(string path)
    {
        var project = XDocument.Parse(Checkout.Read(path));
        return new ProjectFile(
            path,
            project.Descendants("AssemblyName").SingleOrDefault()?.Value ?? System.IO.Path.GetFileNameWithoutExtension(path),
            [.. Included(project, "ProjectReference").Select(reference => reference.Replace('\\', '/').Split('/')[^2])],
            [.. project.Descendants("PackageReference")
                .Where(package =>
                    package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null || package.Element("Version") is not null)
                .Select(package => package.Attribute("Include")!.Value)]);
    }

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
