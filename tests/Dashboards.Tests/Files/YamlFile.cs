using Fleet.EndToEnd.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Fleet.Dashboards.Tests.Files;

/// <summary>YAML by its paths.</summary>
internal static class YamlFile
{
    /// <param name="path">From the checkout's root, or whole.</param>
    public static YamlNode Read(string path)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Path.Combine(Repository.Root, path));
        stream.Load(text);
        return stream.Documents.Single().RootNode;
    }

    /// <summary>What is found by going from key to key; null where one is missing.</summary>
    public static YamlNode? At(this YamlNode node, params string[] keys) =>
        keys.Aggregate((YamlNode?)node, (at, key) => at is YamlMappingNode map && map.Children.TryGetValue(key, out var next) ? next : null);

    public static IReadOnlyList<string> Texts(this YamlNode? node) => node switch
    {
        YamlScalarNode scalar => [scalar.Value!],
        YamlSequenceNode sequence => [.. sequence.Select(item => item.ToString())],
        YamlMappingNode map => [.. map.Children.Keys.Select(key => key.ToString())],
        _ => [],
    };

    public static string Text(this YamlNode? node) => Assert.Single(node.Texts());
}
