using System.Text.Json;
using Fleet.Campaigns.Language;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Json;

namespace Fleet.Campaigns.Tests.Language;

public sealed class PrecisionTests
{
    private const string Head = "name: n\ntask: uci-har\nvariants:\n  - method: dense\n";

    [Fact]
    public void A_list_of_precisions_is_a_variant_each_and_what_is_quantised_learns_from_its_like_in_fp32()
    {
        var specification = SampleCampaign.Specification("""
            name: n
            task: uci-har
            seeds: [1, 2]
            variants:
              - { method: dense, precision: [fp32, int8] }
              - { method: hmd, compression: [2, 4], precision: [int8, fp32] }
              - { method: lmf, compression: 2, precision: [fp32, int8], from: dense, fine_tune: { epochs: 5 } }
            """);
        foreach (var seed in specification.Variants.GroupBy(variant => variant.Seed))
        {
            var keys = seed.ToDictionary(variant => variant.Name, variant => variant.Key);
            Assert.Equal(
                ["dense", "dense-int8", "hmd-2x-int8", "hmd-2x", "hmd-4x-int8", "hmd-4x", "lmf-2x-from-dense", "lmf-2x-from-dense-int8"],
                seed.Select(variant => variant.Name));
            Assert.Equal(
                [null, keys["dense"], keys["hmd-2x"], null, keys["hmd-4x"], null, keys["dense"], keys["lmf-2x-from-dense"]],
                seed.Select(variant => variant.Dense));
        }

        Assert.All(
            specification.Variants,
            variant => Assert.Equal(variant.Name.EndsWith("-int8", StringComparison.Ordinal) ? "int8" : "fp32", variant.Recipe.Precision));
        Assert.Equal(16, specification.Variants.Select(variant => variant.Key).Distinct().Count());
        Assert.Equal("dense", specification.Reference);
    }

    [Fact]
    public void What_is_trained_in_int8_begins_from_nothing_or_from_its_like_in_fp32()
    {
        var variants = SampleCampaign.Specification("""
            name: n
            task: uci-har
            variants:
              - method: dense
              - { method: dense, precision: int8, quantisation: aware, from: fp32, fine_tune: { epochs: 4, learning_rate: 0.0003 } }
              - { method: hmd, compression: 2 }
              - { method: hmd, compression: 2, precision: int8, quantisation: aware }
              - { method: hmd, compression: 2, precision: int8, quantisation: aware, from: dense }
            """).Variants;
        Assert.Equal(
            ["dense", "dense-from-fp32-int8-aware", "hmd-2x", "hmd-2x-int8-aware", "hmd-2x-from-dense-int8-aware"], variants.Select(variant => variant.Name));
        Assert.Equal([null, variants[0].Key, null, null, variants[0].Key], variants.Select(variant => variant.Dense));
        Assert.Equal([25, 4, 25, 25, 25], variants.Select(variant => variant.Recipe.Training.Epochs));
        Assert.Equal([null, "aware", null, "aware", "aware"], variants.Select(variant => variant.Recipe.Quantisation));
    }

    [Fact]
    public void A_variant_that_is_said_to_be_in_fp32_has_the_key_that_it_had_before_there_were_others()
    {
        var (plain, said) = (
            SampleCampaign.Specification(Head).Variants[0],
            SampleCampaign.Specification("name: n\ntask: uci-har\nvariants:\n  - { method: dense, precision: fp32 }\n").Variants[0]);
        Assert.Equal(plain.Key, said.Key);
        var json = JsonSerializer.Serialize(said.Recipe, DomainJson.Default.Recipe);
        Assert.Contains("\"precision\":\"fp32\"", json);
        Assert.DoesNotContain("quantisation", json);
    }

    [Fact]
    public void After_is_what_int8_is_unless_it_is_told_otherwise() => Assert.Equal(
        SampleCampaign.Specification(Head + "  - { method: dense, precision: int8 }\n").Digest,
        SampleCampaign.Specification(Head + "  - { method: dense, precision: int8, quantisation: after }\n").Digest);

    [Theory]
    [InlineData("precision: int4", "'precision' is 'int4', but must be fp32 or int8.", "Did you mean 'int8'?")]
    [InlineData("precision: []", "'precision' is empty.", "Give one or a list of them: 'precision: [fp32, int8]'.")]
    [InlineData(
        "quantisation: aware",
        "'quantisation' says how int8 comes about, but this variant is not in int8.",
        "Add 'precision: int8', or leave 'quantisation' out.")]
    [InlineData("precision: int8, quantisation: awry", "'quantisation' is 'awry', but must be after or aware.", null)]
    [InlineData(
        "precision: int8",
        "'hmd-2x-int8' is made of the same variant in fp32, and there is none.",
        "Write 'precision: [fp32, int8]', or add the variant in fp32.")]
    [InlineData(
        "precision: int8, quantisation: aware, from: fp32",
        "'hmd-2x-from-fp32-int8-aware' is made of the same variant in fp32, and there is none.",
        "Add the variant in fp32.")]
    [InlineData(
        "precision: [fp32, int8], from: fp32, fine_tune: { epochs: 3 }",
        "'from: fp32' is for variants that learn to be in int8.",
        "Give this one 'precision: int8' and 'quantisation: aware', or leave 'from' out.")]
    [InlineData("precision: [int8, int8], quantisation: aware", "The variant 'hmd-2x-int8-aware' stands twice.", null)]
    public void What_cannot_be_is_told_with_its_line(string text, string message, string? suggestion)
    {
        var problem = Assert.Single(
            CampaignFiles.Check(new CampaignFile { Text = $"{Head}  - {{ method: hmd, compression: 2, {text} }}\n", Source = "x.yaml" }).Problems);
        Assert.Equal((5, message), (problem.Line, problem.Message));
        if (suggestion is not null)
        {
            Assert.Equal(suggestion, problem.Suggestion);
        }
    }

    [Fact]
    public void What_begins_in_fp32_has_no_teacher()
    {
        var text = $"{Head}  - {{ method: hmd, compression: 2 }}\n"
            + "  - { method: hmd, compression: 2, precision: int8, quantisation: aware, from: fp32, distil: { weight: 0.5 } }\n";
        var problem = Assert.Single(CampaignFiles.Check(new CampaignFile { Text = text, Source = "x.yaml" }).Problems);
        Assert.Equal((6, "'distil' learns from the dense variant, but this one begins from its like in fp32."), (problem.Line, problem.Message));
    }
}
