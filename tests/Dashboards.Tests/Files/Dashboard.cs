using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.Dashboards.Tests.Files;

/// <summary>A dashboard's file, as far as the tests look at it.</summary>
internal sealed class Dashboard
{
    public static readonly string Folder = Path.Combine(Repository.Root, "dashboards");

    private Dashboard(string path)
    {
        FileName = Path.GetFileName(path);
        Json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Panels = [.. Json["panels"]!.AsArray().Select(panel => new Panel(panel!.AsObject()))];
        Variables = [.. Json["templating"]!["list"]!.AsArray().Select(variable => new Variable(variable!.AsObject()))];
    }

    public string FileName { get; }

    public JsonObject Json { get; }

    public IReadOnlyList<Panel> Panels { get; }

    /// <summary>Panels that ask for data: all but the rows' headings.</summary>
    public IEnumerable<Panel> Charts => Panels.Where(panel => panel.Type != "row");

    public IReadOnlyList<Variable> Variables { get; }

    public static IReadOnlyList<Dashboard> All { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(path => new Dashboard(path))];

    public static Dashboard Named(string fileName) => All.Single(dashboard => dashboard.FileName == fileName);
}

internal sealed record Variable(JsonObject Json)
{
    public string Name => Json["name"]!.GetValue<string>();

    public string Type => Json["type"]!.GetValue<string>();

    /// <summary>A query variable's query; null of other variables.</summary>
    public string? Query => Json["query"] is JsonObject query ? query["query"]!.GetValue<string>() : null;

    public string? AllValue => Json["allValue"]?.GetValue<string>();
}

internal sealed record Panel(JsonObject Json)
{
    public int Id => Json["id"]!.GetValue<int>();

    public string Type => Json["type"]!.GetValue<string>();

    public string Title => Json["title"]?.GetValue<string>() ?? "";

    public string Description => Json["description"]?.GetValue<string>() ?? "";

    public string? Unit => Json["fieldConfig"]?["defaults"]?["unit"]?.GetValue<string>();

    public GridPlace Place => Json["gridPos"].Deserialize<GridPlace>(JsonSerializerOptions.Web)!;

    public IReadOnlyList<Target> Targets => [.. (Json["targets"]?.AsArray() ?? []).Select(target => new Target(target!.AsObject()))];

    public override string ToString() => $"panel {Id}, '{Title}'";
}

/// <summary>In columns and rows of the grid; <paramref name="H"/> and <paramref name="W"/> are height and width.</summary>
internal sealed record GridPlace(int X, int Y, int W, int H)
{
    public bool Overlaps(GridPlace other) => X < other.X + other.W && other.X < X + W && Y < other.Y + other.H && other.Y < Y + H;
}

internal sealed record Target(JsonObject Json)
{
    public string RefId => Json["refId"]!.GetValue<string>();

    public string Expression => Json["expr"]!.GetValue<string>();

    public string Legend => Json["legendFormat"]?.GetValue<string>() ?? "";

    public bool Instant => Json["instant"]!.GetValue<bool>();
}
