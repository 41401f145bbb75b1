using System.Globalization;
using Fleet.Domain.Text;
using Fleet.Architecture.Tests;
using Fleet.Campaigns.Language;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Tests.Golden;

/// <summary>
/// Digests, variant keys and run ids are the names under which campaigns, models and results are stored: those of all campaign files that ship
/// with Fleet, and of files here that use every key, are what they were when they were written down. A file that is new has its names
/// added; a name that is there never changes.
/// </summary>
public sealed class CampaignNamesTests
{
    private const string Here = "tests/Campaigns.Tests/Golden";

    public static TheoryData<string> Files => [.. Checkout.Files("campaigns", ".yaml"), .. Checkout.Files(Here, ".yaml")];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_names_of_a_campaign_file_are_what_they_were(string file)
    {
        var expected = Checkout.ReadLines(Expected(file));
        var computed = NamesOf(file).ToArray();

        var first = expected.Zip(computed).TakeWhile(pair => pair.First == pair.Second).Count();

        Assert.True(
            first == expected.Length && first == computed.Length,
            $"{Expected(file)} and what is computed today differ from line {first + 1} on:\n{Lines("was", expected)}\n{Lines("is", computed)}");

        string Lines(string word, string[] lines) => string.Join('\n', lines.Skip(first).Take(3).Select(line => $"{word,3}: {line}"));
    }

    [Fact]
    public void There_are_no_names_of_a_file_that_is_gone() =>
        Assert.Equal(
            Files.Select(file => Expected(file.Data)).Order(StringComparer.Ordinal),
            Checkout.Files($"{Here}/Names", ".txt"));

    private static string Expected(string file) => $"{Here}/Names/{Path.GetFileNameWithoutExtension(file)}.txt";

    private static IEnumerable<string> NamesOf(string path)
    {
        var file = new CampaignFile { Text = Checkout.Read(path), Source = path };
        var check = CampaignFiles.Check(file);
        Assert.Empty(check.Problems);
        var benchmarks = check.Benchmarks.Count > 0 ? check.Benchmarks.Select(one => ((string?)one.Name, one.Tasks)) : [(null, check.Tasks)];
        return benchmarks.SelectMany(one => Names(Bind(file with { Benchmark = one.Item1 }, one.Tasks, check.Import)));
    }

    private static CampaignSpecification Bind(CampaignFile file, IEnumerable<string> tasks, ModelImport? import)
    {
        var (specification, problems) = CampaignFiles.Bind(new CampaignSubmission
        {
            File = file,
            Data = [.. tasks.Select(DataOf)],
            Model = import is null ? null : Model with { Embedding = tasks.Any(task => KnownTasks.Find(task)!.ReadsTokens) ? 24 : null },
        });
        Assert.Empty(problems);
        return specification!;
    }

    /// <summary>The campaign; then each variant, and below it the ids of its runs under each condition.</summary>
    private static IEnumerable<string> Names(CampaignSpecification specification)
    {
        yield return $"{specification.Name} {specification.Digest}";
        foreach (var variant in specification.Variants)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {variant.Name} {variant.Seed} {variant.Key} {variant.Dense ?? "-"}");
            foreach (var condition in specification.Conditions)
            {
                var run = Identity.Run("c", variant.Key, "d", condition, 1);
                yield return $"    {condition.Mode.Word()} {condition.Phase.Word()} {condition.Clock.Word()} {run}";
            }
        }
    }

    private static ImportedModel Model { get; } = new() { Sha256 = new string('c', 64), Cell = "gru", Hidden = 48, Layers = 2, Bidirectional = false };

    private static TaskData DataOf(string task) =>
        SampleCampaign.Data with { Task = task, Input = KnownTasks.Find(task)!.Input, Classes = KnownTasks.Find(task)!.ReadsTokens ? 65 : 10 };
}
