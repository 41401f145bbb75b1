using Fleet.Campaigns.Language;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Tests.Language;

public sealed class SuiteTests
{
    private const string File = """
        name: both
        seeds: [1, 2]
        variants:
          - method: dense
          - { method: hmd, compression: 2 }
        benchmarks:
          - { name: har, task: uci-har, model: { hidden: 32 } }
          - { name: kws, task: spoken-digits, model: { cell: gru, hidden: 48 }, seeds: [7] }

        """;

    [Fact]
    public void Each_benchmark_is_a_campaign_with_its_own_task_and_model_and_what_all_share()
    {
        var check = CampaignFiles.Check(new CampaignFile { Text = File, Source = "x.yaml" });
        Assert.Empty(check.Problems);
        Assert.Equal(["uci-har", "spoken-digits"], check.Tasks);
        Assert.Equal(["har", "kws"], check.Benchmarks.Select(benchmark => benchmark.Name));

        var har = Bind("har", SampleCampaign.Data);
        Assert.Equal(("both-har", "both", 4), (har.Name, har.Suite, har.Variants.Length));
        Assert.All(har.Variants, variant => Assert.Equal(32, variant.Recipe.Hidden));
    }

    [Fact]
    public void A_key_of_a_benchmark_stands_in_place_of_the_same_key_of_the_file()
    {
        var kws = Bind("kws", SampleCampaign.Data with { Task = "spoken-digits", Input = 10 });
        Assert.Equal([7L, 7L], kws.Variants.Select(variant => variant.Seed));
        Assert.All(kws.Variants, variant => Assert.Equal("gru", variant.Recipe.Cell));
    }

    [Fact]
    public void A_benchmark_trains_the_very_variants_of_a_campaign_that_stands_alone()
    {
        var alone = CampaignFiles.Bind(new CampaignSubmission
        {
            File = new CampaignFile
            {
                Text = "name: a\ntask: uci-har\nmodel: { hidden: 32 }\nseeds: [1, 2]\nvariants:\n  - method: dense\n  - { method: hmd, compression: 2 }\n",
                Source = "a.yaml",
            },
            Data = [SampleCampaign.Data],
        }).Specification!;
        Assert.Null(alone.Suite);
        Assert.Equal(alone.Variants.Select(variant => variant.Key), Bind("har", SampleCampaign.Data).Variants.Select(variant => variant.Key));
    }

    [Fact]
    public void Synthetic_data_gives_tasks_and_names_of_their_own()
    {
        var check = CampaignFiles.Check(new CampaignFile { Text = File, Source = "x.yaml", Synthetic = true });
        Assert.Equal(["synthetic-har", "synthetic-digits"], check.Tasks);
        var (specification, problems) = CampaignFiles.Bind(new CampaignSubmission
        {
            File = new CampaignFile { Text = File, Source = "x.yaml", Benchmark = "har", Synthetic = true },
            Data = [SampleCampaign.Data with { Task = "synthetic-har" }],
        });
        Assert.Empty(problems);
        Assert.Equal(("both-synthetic-har", "both-synthetic"), (specification!.Name, specification.Suite));
    }

    [Fact]
    public void What_all_share_is_wrong_once_and_what_a_benchmark_has_where_it_stands()
    {
        var text = File.Replace("seeds: [1, 2]", "seed: [1, 2]", StringComparison.Ordinal).Replace("hidden: 48", "hiden: 48", StringComparison.Ordinal);
        var problems = CampaignFiles.Check(new CampaignFile { Text = text, Source = "x.yaml" }).Problems;
        Assert.Equal(
            [(2, "Unknown key 'seed' in the campaign."), (8, "Unknown key 'hiden' in 'model'.")],
            problems.Select(problem => (problem.Line!.Value, problem.Message)));
    }

    [Theory]
    [InlineData("name: s\nvariants:\n  - method: dense\nbenchmarks: []\n", 4, "'benchmarks' is empty.")]
    [InlineData("name: s\nvariants:\n  - method: dense\nbenchmarks:\n  - har\n", 5, "A benchmark is a section of keys, but this is 'har'.")]
    [InlineData("name: s\nvariants:\n  - method: dense\nbenchmarks:\n  - { task: uci-har }\n", 5, "A benchmark has no name of its own.")]
    [InlineData(
        "name: s\nvariants:\n  - method: dense\nbenchmarks:\n  - { name: a, task: uci-har }\n  - { name: a, task: uci-har }\n",
        6,
        "The benchmark 'a' stands twice.")]
    [InlineData("name: s s\nvariants:\n  - method: dense\nbenchmarks:\n  - { name: a, task: uci-har }\n", 1, "'s s' cannot be a campaign's name.")]
    [InlineData(
        "name: s\nvariants:\n  - method: dense\nbenchmarks:\n  - { name: a, task: uci-har, benchmarks: 1 }\n", 5, "Unknown key 'benchmarks' in the campaign.")]
    public void A_wrong_suite_is_told_with_its_line(string text, int line, string message)
    {
        var problem = Assert.Single(CampaignFiles.Check(new CampaignFile { Text = text, Source = "x.yaml" }).Problems);
        Assert.Equal((line, message), (problem.Line!.Value, problem.Message));
    }

    [Theory]
    [InlineData(null, "The file is a suite of 2 campaigns: har, kws.")]
    [InlineData("har-lstm", "No benchmark is called 'har-lstm'.")]
    public void A_submission_says_which_benchmark_it_means(string? benchmark, string message)
    {
        var (specification, problems) = CampaignFiles.Bind(
            new CampaignSubmission { File = new CampaignFile { Text = File, Source = "x.yaml", Benchmark = benchmark }, Data = [SampleCampaign.Data] });
        Assert.Null(specification);
        Assert.Equal(message, Assert.Single(problems).Message);
    }

    private static CampaignSpecification Bind(string benchmark, TaskData data)
    {
        var (specification, problems) = CampaignFiles.Bind(
            new CampaignSubmission { File = new CampaignFile { Text = File, Source = "x.yaml", Benchmark = benchmark }, Data = [data] });
        Assert.Empty(problems);
        return specification!;
    }
}
