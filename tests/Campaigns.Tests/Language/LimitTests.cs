using Fleet.Campaigns.Language;
using Fleet.Domain.Campaigns;

namespace Fleet.Campaigns.Tests.Language;

/// <summary>What a campaign file may hold at most; a larger one is refused without reading what it would come to.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(250, 2, null)]
    [InlineData(251, 2, "251 recipes of 2 seeds each are 502 variants; a campaign takes 500.")]
    [InlineData(500, 1, null)]
    [InlineData(501, 1, "These are 501 variants; a campaign takes 500.")]
    [InlineData(1, 501, "1 recipes of 501 seeds each are 501 variants; a campaign takes 500.")]
    public void Variants_are_recipes_times_seeds_and_their_number_is_limited(int recipes, int seeds, string? message) =>
        Assert.Equal(message is null ? [] : [message], Check(File(recipes, seeds)).Problems.Select(problem => problem.Message));

    // Read one by one, against one another, these would take hours.
    [Fact]
    public void A_hundred_thousand_variants_are_only_counted()
    {
        var problem = Assert.Single(Check(File(100_000, 1)).Problems);
        Assert.Equal("These are 100000 variants; a campaign takes 500.", problem.Message);
    }

    [Fact]
    public void A_file_that_is_too_long_is_not_read()
    {
        var file = new CampaignFile { Text = "name: x\n#" + new string('#', CampaignFiles.MaxCharacters), Source = "x.yaml" };
        Assert.Contains("a campaign file has at most 1048576", Assert.Single(CampaignFiles.Check(file).Problems).Message);
        Assert.Contains(
            "a campaign file has at most 1048576", Assert.Single(CampaignFiles.Bind(new CampaignSubmission { File = file, Data = [] }).Problems).Message);
    }

    [Fact]
    public void Reading_ends_when_nobody_waits_for_it() => Assert.Throws<OperationCanceledException>(() =>
        CampaignFiles.Check(new CampaignFile { Text = File(10, 1), Source = "x.yaml" }, new CancellationToken(canceled: true)));

    [Fact]
    public void An_entry_of_the_data_that_is_null_is_a_problem()
    {
        var (_, problems) = CampaignFiles.Bind(
            new CampaignSubmission { File = new CampaignFile { Text = SampleCampaign.File, Source = "x.yaml" }, Data = [null!] });
        Assert.Equal("An entry of 'data' is null.", Assert.Single(problems).Message);
    }

    private static CampaignCheck Check(string text) => CampaignFiles.Check(new CampaignFile { Text = text, Source = "x.yaml" });

    // The dense variant, and factors from 2 up in steps so small that all differ.
    private static string File(int recipes, int seeds)
    {
        var factors = string.Join(", ", Enumerable.Range(0, recipes - 1).Select(index => FormattableString.Invariant($"{2 + (index * 0.0007):0.0000}")));
        var variant = recipes > 1 ? $"  - {{ method: lmf, compression: [{factors}] }}\n" : "";
        return $"name: x\ntask: uci-har\nseeds: [{string.Join(", ", Enumerable.Range(1, seeds))}]\nvariants:\n  - method: dense\n{variant}";
    }
}
