using Fleet.Campaigns.Planning;

namespace Fleet.Campaigns.Tests.Planning;

public sealed class CampaignPlannerTests
{
    [Fact]
    public void Compression_is_planned_against_the_dense_cell_of_the_campaigns_size_for_every_method()
    {
        var specification = SampleCampaign.Specification("""
            name: n
            task: uci-har
            variants:
              - method: dense
              - { method: small, compression: 4 }
              - { method: pruned, compression: 4 }
            """);

        var plan = CampaignPlanner.Plan(specification, new PlanningFacts());

        // LSTM 9 -> 64: 18688 weights, 256 biases, a head of 6 * 65. At 4x 29 units are left: 4408 weights, 116 biases, 6 * 30.
        Assert.Equal([18688 + 256 + 390, 4408 + 116 + 180, 4672 + 256 + 390], plan.Variants.Select(variant => variant.Parameters));
        Assert.Equal([1, 18688.0 / 4408, 4], plan.Variants.Select(variant => variant.Compression));
        Assert.Equal(["dense", "small", "pruned"], plan.Variants.Select(variant => variant.Method));
    }

    [Fact]
    public void A_language_models_parameters_include_its_embedding()
    {
        var specification = SampleCampaign.Specification("name: n\ntask: char-lm\nmodel: { hidden: 64, embedding: 40 }\nvariants: [{ method: dense }]\n");

        var plan = CampaignPlanner.Plan(specification, new PlanningFacts());

        // 66 tokens of 40 values, LSTM 40 -> 64 with its biases, a head of 66 * 65.
        Assert.Equal((66 * 40) + (256 * 104) + 256 + (66 * 65), plan.Variants.Single().Parameters);
    }
}
