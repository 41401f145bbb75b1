using System.Reflection;
using Fleet.Architecture.Tests;
using Fleet.Campaigns.Language;
using Fleet.Campaigns.Language.Keys;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;

namespace Fleet.Campaigns.Tests.Language;

public sealed class CampaignFileReferenceTests
{
    private const string Page = "docs/campaign-files.md";

    /// <summary>Files that a key's example may stand in, by section; in at least one of them it must be right.</summary>
    private static readonly Dictionary<KeySection, string[]> Places = new()
    {
        [CampaignKeys.Section] = ["EXAMPLE"],
        [ModelKeys.Section] = ["model: { EXAMPLE }", "model: { EXAMPLE }\ntask: char-lm", "model: { import: my.onnx, EXAMPLE }"],
        [ModelKeys.ImportSection] = ["model: { import: { EXAMPLE } }", "model: { import: { file: my.safetensors, EXAMPLE } }"],
        [ModelKeys.NormaliseSection] = ["model: { import: my.onnx, normalise: { ALL } }"],
        [TrainingKeys.Section] = ["training: { EXAMPLE }", "training: { schedule: step, EXAMPLE }", "training: { EXAMPLE }\ntask: char-lm"],
        [VariantKeys.Section] =
        [
            "variants: [{ method: dense }, { method: hmd, compression: 2, EXAMPLE }]",
            "variants: [{ method: dense }, { method: hmd, EXAMPLE }]",
            "variants: [{ method: dense }, { compression: 2, EXAMPLE }]",
            "variants: [{ method: dense }, { method: hmd, compression: 2, precision: int8, EXAMPLE }]",
            "variants: [{ method: dense }, { method: hmd, compression: 2, from: dense, EXAMPLE }]",
        ],
        [VariantKeys.FineTuneSection] = ["variants: [{ method: dense }, { method: hmd, compression: 2, from: dense, fine_tune: { EXAMPLE } }]"],
        [VariantKeys.DistilSection] = ["variants: [{ method: dense }, { method: hmd, compression: 2, distil: { EXAMPLE } }]"],
        [ConditionKeys.Section] = ["conditions: { EXAMPLE }"],
        [MeasuringKeys.Section] = ["measuring: { EXAMPLE }"],
        [SuiteKeys.Section] = ["EXAMPLE"],
    };

    public static TheoryData<string, string> Keys =>
        [.. CampaignKeys.Sections.SelectMany(section => section.All.Select(key => (section.Title, key.Name)))];

    [Fact]
    public void The_page_is_what_the_table_of_keys_says()
    {
        var written = CampaignFileReference.Write();
        if (Environment.GetEnvironmentVariable("FLEET_WRITE_DOCS") is { Length: > 0 })
        {
            File.WriteAllText(Path.Combine(Checkout.Root, Page), written);
        }

        Assert.True(written == Checkout.Read(Page), $"{Page} is not what the table of keys says. Write it anew: its third line says how.");
    }

    [Fact]
    public void Every_section_of_keys_is_in_the_table()
    {
        var made = typeof(CampaignKeys).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(CampaignKeys).Namespace)
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public))
            .Where(property => property.PropertyType == typeof(KeySection))
            .Select(property => (KeySection)property.GetValue(null)!)
            .ToArray();

        Assert.Equal(CampaignKeys.Sections.Count, made.Length);
        Assert.Empty(made.Except(CampaignKeys.Sections));
        Assert.Distinct(made.Select(section => section.Title));
    }

    [Theory, MemberData(nameof(Keys))]
    public void Every_key_has_a_sentence_and_an_example_that_is_right(string title, string name)
    {
        var section = CampaignKeys.Sections.Single(one => one.Title == title);
        var key = section.All.Single(one => one.Name == name);
        Assert.EndsWith(".", key.Text.Meaning, StringComparison.Ordinal);
        Assert.NotEqual("", key.Default);
        Assert.StartsWith($"{name}: ", key.Text.Example, StringComparison.Ordinal);

        var tries = Places[section].Select(place => Problems(place, key, section)).ToArray();

        Assert.True(tries.Any(problems => problems.Length == 0), string.Join(Environment.NewLine, tries));
    }

    [Fact]
    public void Defaults_that_the_measuring_protocol_has_are_told_as_they_are()
    {
        var protocol = new ProtocolSettings();
        var settings = new MeasuringSpecification();

        Assert.Equal($"{protocol.GateCelsius}", MeasuringKeys.GateCelsius.Default);
        Assert.Equal($"{protocol.GateLimit.TotalSeconds}s", MeasuringKeys.GateLimit.Default);
        Assert.Equal($"{protocol.InvalidRetries}", MeasuringKeys.InvalidRetries.Default);
        Assert.Equal(
            (protocol.RatioWidth, protocol.MinRounds, protocol.MaxRounds, protocol.TimeLimit, protocol.BlockDuration),
            (settings.RatioWidth, settings.MinRounds, settings.MaxRounds, settings.TimeLimit, settings.Block));
    }

    private static string Problems(string place, Key key, KeySection section)
    {
        var lines = place.Replace("EXAMPLE", key.Text.Example, StringComparison.Ordinal)
            .Replace("ALL", string.Join(", ", section.All.Select(one => one.Text.Example)), StringComparison.Ordinal)
            .Split('\n');
        string[] usual = ["name: n", "task: uci-har", "variants: [{ method: dense }]"];
        var text = string.Join('\n', usual.Where(line => !lines.Any(own => own.Split(':')[0] == line.Split(':')[0])).Concat(lines));
        return string.Join(
            Environment.NewLine, CampaignFiles.Check(new CampaignFile { Text = text, Source = "f.yaml" }).Problems.Select(problem => problem.Message));
    }
}
