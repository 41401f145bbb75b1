using Fleet.Domain.Measuring;
using Fleet.Campaigns.Language;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Tests.Language;

public sealed class CampaignContentTests
{
    [Fact]
    public void Variants_are_recipes_times_seeds_with_short_names()
    {
        var specification = SampleCampaign.Specification("""
            name: n
            task: uci-har
            seeds: [3, 5]
            variants:
              - method: dense
              - { method: lmf, compression: 2.5 }
              - { method: hmd, compression: 2 }
              - { method: hmd, compression: 2, k: 1 }
            """);
        Assert.Equal(
            ["dense 3", "lmf-2.5x 3", "hmd-2x 3", "hmd-2x-k1 3", "dense 5", "lmf-2.5x 5", "hmd-2x 5", "hmd-2x-k1 5"],
            specification.Variants.Select(variant => $"{variant.Name} {variant.Seed}"));
        Assert.Equal(8, specification.Variants.Select(variant => variant.Key).Distinct().Count());
    }

    [Fact]
    public void Every_method_has_its_variants_and_they_keep_the_campaigns_hidden_size()
    {
        var specification = SampleCampaign.Specification("""
            name: n
            task: uci-har
            variants:
              - method: dense
              - { method: small, compression: [2, 4] }
              - { method: block-sparse, compression: 4, height: 8 }
              - { method: kronecker, compression: 4 }
              - { method: doped-kronecker, compression: 4, dope: 30, input: dense }
            """);
        Assert.Equal(
            ["dense", "small-2x", "small-4x", "block-sparse-4x", "kronecker-4x", "doped-kronecker-4x"],
            specification.Variants.Select(variant => variant.Name));
        Assert.All(specification.Variants, variant => Assert.Equal(64, variant.Recipe.Hidden));
        Assert.Equal(new Dictionary<string, string> { ["dope"] = "30", ["input"] = "dense" }, specification.Variants[^1].Recipe.MethodParameters);
    }

    [Fact]
    public void A_variant_that_learns_from_the_dense_one_says_so_in_its_name_and_knows_the_one_of_its_seed()
    {
        var specification = SampleCampaign.Specification("""
            name: n
            task: uci-har
            seeds: [1, 2]
            training: { epochs: 30 }
            variants:
              - { method: hmd, compression: 2 }
              - { method: hmd, compression: [2, 3], from: dense, fine_tune: { epochs: 10, learning_rate: 0.001 } }
              - { method: small, compression: 4, distil: { temperature: 4 } }
              - { method: lmf, compression: 2, from: dense, distil: { weight: 0.3 } }
              - method: dense
            """);
        var first = specification.Variants.Where(variant => variant.Seed == 1).ToArray();
        Assert.Equal(
            ["hmd-2x", "hmd-2x-from-dense", "hmd-3x-from-dense", "small-4x-distilled", "lmf-2x-from-dense-distilled", "dense"],
            first.Select(variant => variant.Name));
        Assert.Equal([30, 10, 10, 30, 30, 30], first.Select(variant => variant.Recipe.Training.Epochs));
        Assert.Equal([0.003, 0.001, 0.001, 0.003, 0.003, 0.003], first.Select(variant => variant.Recipe.Training.LearningRate));
        Assert.Equal(
            [null, null, null, new(), new() { Weight = 0.3 }, null],
            first.Select(variant => variant.Recipe.Distil is { } distil ? distil with { Temperature = 2 } : null));
        Assert.Equal(4, first[3].Recipe.Distil!.Temperature);
        foreach (var seed in specification.Variants.GroupBy(variant => variant.Seed))
        {
            var dense = seed.Single(variant => variant.Name == "dense").Key;
            Assert.Equal([null, dense, dense, dense, dense, null], seed.Select(variant => variant.Dense));
        }

        Assert.Equal(12, specification.Variants.Select(variant => variant.Key).Distinct().Count());
    }

    [Theory]
    [InlineData("training: { epochs: 3 }")]
    [InlineData("training: { learning_rate: 0.5 }")]
    public void What_changes_the_dense_variant_changes_the_key_of_those_that_learn_from_it(string change)
    {
        // What it changes is overridden in the other variant, so that only the dense one differs.
        const string file = """
            name: n
            task: uci-har
            variants:
              - method: dense
              - { method: hmd, compression: 2, from: dense, fine_tune: { epochs: 10, learning_rate: 0.001 } }
            """;
        var (before, after) = (SampleCampaign.Specification(file).Variants[1], SampleCampaign.Specification($"{file}\n{change}\n").Variants[1]);
        Assert.Equal((before.Recipe.Training, before.Recipe.From), (after.Recipe.Training, after.Recipe.From));
        Assert.NotEqual(before.Key, after.Key);
        Assert.NotEqual(before.Key, Identity.Variant("uci-har", SampleCampaign.Data.TrainingSha256, before.Recipe, before.Seed));
    }

    [Fact]
    public void Retries_and_patience_are_of_the_key_where_they_are_asked_for()
    {
        var plain = SampleCampaign.Specification().Variants[0];
        Assert.Equal(plain.Key, SampleCampaign.Specification($"{SampleCampaign.File}\ntraining: {{ retries: 0 }}\n").Variants[0].Key);
        var retried = SampleCampaign.Specification($"{SampleCampaign.File}\ntraining: {{ retries: 2 }}\n").Variants[0];
        Assert.Equal(2, retried.Recipe.Training.Retries);
        Assert.NotEqual(plain.Key, retried.Key);
    }

    [Fact]
    public void What_is_not_said_has_a_default()
    {
        var specification = SampleCampaign.Specification();
        var variant = specification.Variants[0];
        Assert.Equal(
            ("lstm", 64, 25, 0.003, 1L),
            (variant.Recipe.Cell, variant.Recipe.Hidden, variant.Recipe.Training.Epochs, variant.Recipe.Training.LearningRate, variant.Seed));
        Assert.Equal(
            [
                new Condition(InferenceMode.Window, MeasuringPhase.Burst, ClockPolicy.AsIs),
                new Condition(InferenceMode.Streaming, MeasuringPhase.Burst, ClockPolicy.AsIs),
            ],
            specification.Conditions);
        Assert.Equal(("dense", 1, 0), (specification.Reference, specification.Replicates, specification.Priority));
        Assert.Equal(new MeasuringSpecification(), specification.Measuring);
    }

    [Fact]
    public void The_same_content_written_otherwise_has_the_same_digest() => Assert.Equal(
        SampleCampaign.Specification().Digest,
        SampleCampaign.Specification("""
            # the same
            variants: [ { method: dense, compression: 1 }, { compression: [2.0, 4], method: "hmd" } ]
            task: 'uci-har'
            name: small
            replicates: 1
            patience: 15m
            """).Digest);

    [Fact]
    public void A_silent_device_is_waited_for_as_long_as_the_file_says()
    {
        Assert.Equal(TimeSpan.FromMinutes(15), SampleCampaign.Specification().Patience);
        Assert.Equal(TimeSpan.FromHours(2), SampleCampaign.Specification($"{SampleCampaign.File}\npatience: 2h\n").Patience);
        var problem = Assert.Single(CampaignFiles.Check(new CampaignFile { Text = $"{SampleCampaign.File}\npatience: 5s\n", Source = "x.yaml" }).Problems);
        Assert.Equal("'patience' is 5s, but must be from 60s to 720h.", problem.Message);
    }

    [Theory]
    [InlineData("seeds: [2]")]
    [InlineData("replicates: 2")]
    [InlineData("devices: [arch=x64]")]
    [InlineData("measuring: { ratio_width: 0.02 }")]
    [InlineData("training: { epochs: 3 }")]
    [InlineData("priority: 1")]
    [InlineData("patience: 1h")]
    public void Other_content_has_another_digest(string change) =>
        Assert.NotEqual(SampleCampaign.Specification().Digest, SampleCampaign.Specification($"{SampleCampaign.File}\n{change}\n").Digest);

    [Theory]
    [InlineData("", "none", false)]
    [InlineData("claims: none", "none", false)]
    [InlineData("claims: hmd", "hmd", true)]
    public void Published_claims_are_judged_where_the_file_asks_and_that_changes_no_digest(string line, string claims, bool judged)
    {
        var specification = SampleCampaign.Specification($"{SampleCampaign.File}\n{line}\n");
        Assert.Equal((claims, judged), (specification.Claims, specification.JudgesClaims));
        Assert.Equal(SampleCampaign.Specification().Digest, specification.Digest);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("paper", true)]
    public void Of_a_campaign_that_is_older_than_the_key_a_suites_is_judged(string? suite, bool judged) =>
        Assert.Equal(judged, (SampleCampaign.Specification() with { Claims = null, Suite = suite }).JudgesClaims);

    [Fact]
    public void A_variants_key_depends_on_data_recipe_and_seed_and_on_nothing_else()
    {
        var variant = SampleCampaign.Specification().Variants[1];
        var renamed = SampleCampaign.Specification(
            $"{SampleCampaign.File.Replace("name: small", "name: other")}\nreplicates: 3\ndevices: [room=lab]\n").Variants[1];
        Assert.Equal(variant.Key, renamed.Key);
        Assert.NotEqual(variant.Key, Identity.Variant("uci-har", new string('c', 64), variant.Recipe, variant.Seed));
        Assert.NotEqual(variant.Key, Identity.Variant("uci-har", SampleCampaign.Data.TrainingSha256, variant.Recipe, 2));
        Assert.NotEqual(variant.Key, Identity.Variant("uci-har", SampleCampaign.Data.TrainingSha256, variant.Recipe with { Hidden = 65 }, variant.Seed));
        Assert.NotEqual(variant.Key, Identity.Variant("uci-har", SampleCampaign.Data.TrainingSha256, variant.Recipe with { Layers = 2 }, variant.Seed));
        Assert.NotEqual(
            variant.Key, Identity.Variant("uci-har", SampleCampaign.Data.TrainingSha256, variant.Recipe with { Bidirectional = true }, variant.Seed));
        var dropout = variant.Recipe with { Training = variant.Recipe.Training with { Dropout = 0.1 } };
        Assert.NotEqual(variant.Key, Identity.Variant("uci-har", SampleCampaign.Data.TrainingSha256, dropout, variant.Seed));
        Assert.Equal(variant.Key, Identity.Variant("uci-har", SampleCampaign.Data.TrainingSha256, variant.Recipe with { Layers = 1 }, variant.Seed));
        Assert.Equal(32, variant.Key.Length);
    }

    [Fact]
    public void A_training_section_says_schedule_windows_and_patience_and_what_is_usual_leaves_the_key_as_it_is()
    {
        var training = Training("schedule: step, decay_every: 3, decay_factor: 0.2, warmup: 1.5, patience: 4");
        Assert.Equal(("step", 3, 0.2, 1.5, 4), (training.Schedule, training.DecayEvery, training.DecayFactor, training.Warmup, training.Patience));
        // A factor of one half after each quarter of the training, unless it is said.
        Assert.Equal((6, 0.5), (Training("schedule: step").DecayEvery, Training("schedule: step").DecayFactor));
        Assert.Equal(
            SampleCampaign.Specification().Variants[0].Key,
            SampleCampaign.Specification($"{SampleCampaign.File}\ntraining: {{ schedule: cosine, warmup: 0, dropout: 0 }}\n").Variants[0].Key);

        var language = SampleCampaign.File.Replace("task: uci-har", "task: char-lm");
        Assert.Equal(70, SampleCampaign.Specification($"{language}\ntraining: {{ bptt: 70 }}\n").Variants[0].Recipe.Training.Bptt);
        Assert.Equal(
            SampleCampaign.Specification(language).Variants[0].Key,
            SampleCampaign.Specification($"{language}\ntraining: {{ bptt: 35 }}\n").Variants[0].Key);

        static TrainingSettings Training(string text) =>
            SampleCampaign.Specification($"{SampleCampaign.File}\ntraining: {{ {text} }}\n").Variants[0].Recipe.Training;
    }

    [Fact]
    public void A_model_section_says_cell_layers_and_directions_of_every_variant()
    {
        var specification = SampleCampaign.Specification(
            $"{SampleCampaign.File}\nmodel: {{ cell: gru, hidden: 40, layers: 2, bidirectional: true }}\ntraining: {{ dropout: 0.25 }}\n");
        Assert.All(specification.Variants, variant => Assert.Equal(
            ("gru", 40, 2, true, 0.25),
            (variant.Recipe.Cell, variant.Recipe.Hidden, variant.Recipe.LayerCount, variant.Recipe.Bidirectional, variant.Recipe.Training.Dropout)));
        // Streaming is not for models that read from both ends.
        Assert.Equal([new Condition(InferenceMode.Window, MeasuringPhase.Burst, ClockPolicy.AsIs)], specification.Conditions);
    }

    // Fixed: a key that changes would have every variant of every fleet trained again.
    [Fact]
    public void A_variants_key_never_changes_from_build_to_build() =>
        Assert.Equal("e365a61f730abbf33afea92c20831e78", SampleCampaign.Specification().Variants[1].Key);

    [Fact]
    public void Each_kind_of_core_is_a_condition_of_its_own()
    {
        var conditions = SampleCampaign.Specification(SampleCampaign.File + "\nconditions: { modes: [window], cores: [big, little, 3] }").Conditions;

        Assert.Equal(["big", "little", "3"], conditions.Select(condition => condition.Cores.ToString()));
        Assert.Equal(3, conditions.Select(condition => Identity.Run("c", "v", "d", condition, 1)).Distinct().Count());
    }

    [Fact]
    public void Any_core_is_what_a_file_means_that_says_nothing()
    {
        var (said, silent) = (
            SampleCampaign.Specification(SampleCampaign.File + "\nconditions: { cores: any }"),
            SampleCampaign.Specification());

        Assert.Equal(silent.Digest, said.Digest);
        Assert.NotEqual(silent.Digest, SampleCampaign.Specification(SampleCampaign.File + "\nconditions: { cores: big }").Digest);
        Assert.Equal(silent.Conditions, said.Conditions);
        Assert.Equal(Identity.Run("c", "v", "d", silent.Conditions[0], 1), Identity.Run("c", "v", "d", said.Conditions[0], 1));
    }
}
