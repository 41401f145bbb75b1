using System.Runtime.CompilerServices;
using Fleet.Campaigns.Language;
using Fleet.Campaigns.Planning;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Tests.Language;

/// <summary>Every campaign file that ships with the product is sound and can be planned, on real data and on synthetic.</summary>
public sealed class ShippedCampaignTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder(), "*.yaml").Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_shipped_campaign_is_sound_and_can_be_planned(string name)
    {
        foreach (var synthetic in new[] { false, true })
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Folder(), name), TestContext.Current.CancellationToken);
            var file = new CampaignFile { Text = text, Source = name, Synthetic = synthetic };
            var check = CampaignFiles.Check(file);
            Assert.Empty(check.Problems);
            var benchmarks = check.Benchmarks.Count > 0 ? check.Benchmarks.Select(one => ((string?)one.Name, one.Tasks)) : [(null, check.Tasks)];
            foreach (var (benchmark, tasks) in benchmarks)
            {
                var (specification, problems) = CampaignFiles.Bind(
                    new CampaignSubmission { File = file with { Benchmark = benchmark }, Data = [.. tasks.Select(DataOf)] });
                Assert.Empty(problems);
                var plan = CampaignPlanner.Plan(specification!, new PlanningFacts());
                Assert.Equal(specification!.Variants.Length, plan.Variants.Count);
            }
        }
    }

    [Theory]
    [InlineData("paper.yaml", 13, 5)]
    [InlineData("paper-small.yaml", 9, 3)]
    public void A_reproduction_has_the_five_benchmarks_and_every_method_beside_the_dense_model(string name, int variants, int seeds)
    {
        var file = new CampaignFile { Text = File.ReadAllText(Path.Combine(Folder(), name)), Source = name };
        var check = CampaignFiles.Check(file);
        Assert.Equal(["har-lstm", "har-bilstm", "kws-lstm", "kws-gru", "lm-lstm"], check.Benchmarks.Select(benchmark => benchmark.Name));
        foreach (var benchmark in check.Benchmarks)
        {
            var specification = CampaignFiles.Bind(
                new CampaignSubmission { File = file with { Benchmark = benchmark.Name }, Data = [.. benchmark.Tasks.Select(DataOf)] }).Specification!;
            Assert.Equal(variants * seeds, specification.Variants.Length);
            Assert.Equal(["dense", "hmd", "lmf", "pruned", "small"], specification.Variants.Select(variant => variant.Recipe.Method).Distinct());
        }
    }

    private static TaskData DataOf(string task) =>
        SampleCampaign.Data with { Task = task, Input = KnownTasks.Find(task)!.Input, Classes = KnownTasks.Find(task)!.ReadsTokens ? 65 : 10 };

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "campaigns"));
}
