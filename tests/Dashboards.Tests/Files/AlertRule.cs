using YamlDotNet.RepresentationModel;

namespace Fleet.Dashboards.Tests.Files;

/// <summary>An alert of the rule files.</summary>
internal sealed record AlertRule(string Name, string Expression, YamlNode Yaml)
{
    public static readonly string Folder = Path.Combine(Dashboard.Folder, "alerts");

    public static IReadOnlyList<string> Files { get; } = Directory.GetFiles(Folder, "*.yml");

    public static IReadOnlyList<AlertRule> All { get; } =
    [
        .. from file in Files
           from @group in (YamlSequenceNode)YamlFile.Read(file).At("groups")!
           from rule in (YamlSequenceNode)@group.At("rules")!
           select new AlertRule(rule.At("alert").Text(), rule.At("expr").Text(), rule),
    ];

    /// <summary>A label or an annotation; null where it is missing.</summary>
    public string? Says(string kind, string name) => Yaml.At(kind, name)?.Text();
}
