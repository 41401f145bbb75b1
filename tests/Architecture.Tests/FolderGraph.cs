using Mono.Cecil;

namespace Fleet.Architecture.Tests;

/// <summary>The folders of a room, which are its namespaces, and the arrows between them: a type of the one uses a type of the other.</summary>
internal sealed class FolderGraph
{
    private const int MaxCauses = 8;

    private readonly Dictionary<(string From, string To), SortedSet<string>> arrows = [];

    /// <summary>A folder that is not in <paramref name="found"/> stands alone.</summary>
    public FolderGraph(IEnumerable<(string From, string To, string Cause)> found)
    {
        foreach (var (from, to, cause) in found.Where(arrow => arrow.From != arrow.To))
        {
            if (!arrows.TryGetValue((from, to), out var causes))
            {
                arrows[(from, to)] = causes = new SortedSet<string>(StringComparer.Ordinal);
            }

            causes.Add(cause);
        }
    }

    /// <summary>
    /// What generators wrote lies in namespaces of their own, or uses nothing of the room, as messages and services do: it can be in no circle.
    /// </summary>
    public static FolderGraph Of(ProjectFile project)
    {
        using var resolver = new DefaultAssemblyResolver();
        foreach (var framework in SharedFrameworks())
        {
            resolver.AddSearchDirectory(framework);
        }

        using var module = ModuleDefinition.ReadModule(project.BuiltAssembly, new ReaderParameters { AssemblyResolver = resolver });
        var uses = from use in TypeUses.In(module)
                   where IsOurs(use.User) && IsOurs(use.Used)
                   select (Folder(use.User), Folder(use.Used), $"{use.User.Name} uses {use.Used.Name}");
        return new FolderGraph(uses);

        // A program's entry point has no namespace: it lies in the room's root.
        bool IsOurs(TypeDefinition type) => IsIn(type.Namespace, project.RootNamespace) || type == module.EntryPoint?.DeclaringType;
        string Folder(TypeDefinition type) => type.Namespace.Length == 0 ? project.RootNamespace : type.Namespace;
    }

    /// <summary>Each group of folders that all reach each other, with the arrows within it and what causes them. Empty where there is no circle.</summary>
    public string DescribeCircles()
    {
        var reach = arrows.Keys.Select(arrow => arrow.From).Distinct().ToDictionary(folder => folder, Reach);
        var circles = from folder in reach.Keys
                      where reach[folder].Contains(folder)
                      let members = reach.Keys.Where(other => reach[folder].Contains(other) && reach[other].Contains(folder))
                      select string.Join(", ", members.Order(StringComparer.Ordinal));
        return string.Join(Environment.NewLine, circles.Distinct().Select(Describe));
    }

    private string Describe(string circle)
    {
        var members = circle.Split(", ");
        var lines = from arrow in arrows
                    where members.Contains(arrow.Key.From) && members.Contains(arrow.Key.To)
                    orderby arrow.Key.From, arrow.Key.To
                    let more = arrow.Value.Count > MaxCauses ? $", and {arrow.Value.Count - MaxCauses} more" : ""
                    select $"  {arrow.Key.From} -> {arrow.Key.To}: {string.Join(", ", arrow.Value.Take(MaxCauses))}{more}";
        return string.Join(Environment.NewLine, lines.Prepend($"Circle of {circle}:"));
    }

    private HashSet<string> Reach(string start)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>([start]);
        while (open.TryDequeue(out var folder))
        {
            foreach (var (_, to) in arrows.Keys.Where(arrow => arrow.From == folder))
            {
                if (reached.Add(to))
                {
                    open.Enqueue(to);
                }
            }
        }

        return reached;
    }

    /// <summary>An attribute's arguments can be read only where their enums are at hand: in the folders beside the runtime's own.</summary>
    private static IEnumerable<string> SharedFrameworks()
    {
        var own = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        return own.Parent!.Parent!.EnumerateDirectories().SelectMany(framework => framework.EnumerateDirectories()).Select(version => version.FullName);
    }

    private static bool IsIn(string name, string root) => name == root || name.StartsWith(root + ".", StringComparison.Ordinal);
}
