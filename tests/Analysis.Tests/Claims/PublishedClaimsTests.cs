using Fleet.Analysis.Claims;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Results;
using static Fleet.Analysis.Tests.Rows;

namespace Fleet.Analysis.Tests.Claims;

public sealed class PublishedClaimsTests
{
    [Fact]
    public void Run_time_is_the_ratio_of_ratios_with_students_interval_over_the_seeds()
    {
        // Logarithms of the pairs: ln(0.40/1.6), ln(0.42/1.6), ln(0.41/1.6) = -1.38629, -1.33750, -1.36160: mean -1.36180, s 0.024396;
        // t(2, 0.975) = 4.30265: half 4.30265 * 0.024396 / sqrt 3 = 0.060602; e^-1.36180 = 0.25620.
        ClaimVerdict claim = Only(ClaimKinds.FasterThanPruned, Seeds("hmd-4x", 0.9, [0.40, 0.42, 0.41]), Seeds("pruned-4x", 0.9, [1.6, 1.6, 1.6]));
        Assert.Equal(0.25620, claim.Value, 1e-5);
        Assert.Equal(0.25620 * Math.Exp(-0.060602), claim.Low!.Value, 1e-5);
        Assert.Equal(0.25620 * Math.Exp(0.060602), claim.High!.Value, 1e-5);
        Assert.Equal(("holds", 3, 0.95, "window", "run_time"), (claim.Verdict, claim.Seeds, claim.Confidence, claim.Mode, claim.Measure));
    }

    [Fact]
    public void Of_one_seed_run_time_has_the_intervals_of_its_sessions()
    {
        // Each is 1 % wide to both sides, so that the ratio of both is sqrt 2 times as wide in the logarithm.
        ClaimVerdict claim = Only(ClaimKinds.FasterThanPruned, [Row("hmd-4x", 0.9, 1, 0.5)], [Row("pruned-4x", 0.9, 1, 1.0)]);
        double half = Math.Sqrt(2) * Math.Log(1.01 / 0.99) / 2;
        Assert.Equal(0.5, claim.Value, 1e-12);
        Assert.Equal(0.5 * Math.Exp(half), claim.High!.Value, 1e-12);
        Assert.Equal("holds", claim.Verdict);
    }

    [Theory]
    [InlineData(0.40, 0.41, 0.42, "holds")]
    [InlineData(1.40, 1.41, 1.42, "does not hold")]
    [InlineData(0.60, 1.00, 1.40, "not decided")]
    public void Beside_the_reference_the_ratio_is_the_claim(double first, double second, double third, string verdict) =>
        Assert.Equal(verdict, Only(ClaimKinds.FasterThanReference, Seeds("hmd-2x", 0.9, [first, second, third]), Seeds("dense", 0.9)).Verdict);

    [Fact]
    public void Accuracy_is_the_mean_difference_of_pairs_of_a_seed()
    {
        // 0.02, 0.03, 0.04: mean 0.03, s 0.01, half 4.30265 * 0.01 / sqrt 3 = 0.024841
        ClaimVerdict claim = Only(ClaimKinds.BetterThanLowRank, Accuracies("hmd-2x", 0.90, 0.92, 0.94), Accuracies("lmf-2x", 0.88, 0.89, 0.90));
        Assert.Equal(0.03, claim.Value, 1e-12);
        Assert.Equal(0.03 - 0.024841, claim.Low!.Value, 1e-6);
        Assert.Equal(0.03 + 0.024841, claim.High!.Value, 1e-6);
        Assert.Equal(("holds", "accuracy", (string?)null), (claim.Verdict, claim.Measure, claim.Mode));
        Assert.Equal("not decided", Only(ClaimKinds.BetterThanLowRank, Accuracies("hmd-2x", 0.90, 0.92, 0.94), Accuracies("lmf-2x", 0.88, 0.93, 0.90)).Verdict);
        Assert.Equal(
            "does not hold", Only(ClaimKinds.BetterThanLowRank, Accuracies("hmd-2x", 0.88, 0.89, 0.90), Accuracies("lmf-2x", 0.90, 0.92, 0.94)).Verdict);
    }

    [Fact]
    public void No_loss_is_a_margin_that_the_90_percent_interval_keeps()
    {
        // -0.01, 0.00, -0.005: mean -0.005 and lower bound -0.01343, t(2, 0.95) = 2.920.
        ClaimVerdict claim = Only(ClaimKinds.NoWorseThanReference, Accuracies("hmd-2x", 0.89, 0.91, 0.90), Accuracies("dense", 0.90, 0.91, 0.905));
        Assert.Equal(-0.01343, claim.Low!.Value, 1e-5);
        Assert.Equal(("holds", 0.9, 0.02), (claim.Verdict, claim.Confidence, claim.Margin!.Value));
        Assert.Equal(
            "does not hold", Only(ClaimKinds.NoWorseThanReference, Accuracies("hmd-2x", 0.80, 0.81, 0.805), Accuracies("dense", 0.90, 0.91, 0.905)).Verdict);
        Assert.Equal("not decided", Only(ClaimKinds.NoWorseThanReference, Accuracies("hmd-2x", 0.85, 0.95), Accuracies("dense", 0.90, 0.90)).Verdict);
    }

    [Fact]
    public void Of_a_language_model_fewer_nats_are_better_and_the_margin_is_in_nats()
    {
        ClaimVerdict worse = Only(ClaimKinds.NoWorseThanReference, Nats("hmd-2x", 1.64, 1.65, 1.645), Nats("dense", 1.60, 1.61, 1.605));
        Assert.Equal(-0.04, worse.Value, 1e-12);
        Assert.Equal(("holds", 0.05), (worse.Verdict, worse.Margin!.Value));
        Assert.Equal("holds", Only(ClaimKinds.BetterThanLowRank, Nats("hmd-2x", 1.64, 1.65, 1.645), Nats("lmf-2x", 1.70, 1.71, 1.705)).Verdict);
    }

    [Fact]
    public void Each_clock_has_a_claim_of_its_own_that_says_so()
    {
        ResultRow[] rows = [.. Seeds("hmd-2x", 0.9, [0.5, 0.5, 0.5]), .. Seeds("pruned-2x", 0.9, [1.5, 1.5, 1.5]), .. Seeds("dense", 0.9)];
        rows = [.. rows, .. rows.Select(row => row with { Run = row.Run + "-performance", Clock = "performance" })];
        Assert.Equal(
            ["window", "window, performance clock"],
            PublishedClaims.Judge(rows, "dense").Where(claim => claim.Kind == ClaimKinds.FasterThanPruned).Select(claim => claim.How));
    }

    [Fact]
    public void One_seed_does_not_decide_accuracy()
    {
        ClaimVerdict claim = Only(ClaimKinds.BetterThanLowRank, Accuracies("hmd-2x", 0.99), Accuracies("lmf-2x", 0.50));
        Assert.Equal(("not decided", (double?)null, 1), (claim.Verdict, claim.Low, claim.Seeds));
    }

    [Fact]
    public void Only_variants_of_the_same_compression_and_making_are_compared()
    {
        ResultRow[] rows =
        [
            .. Accuracies("hmd-2x", 0.9, 0.9), .. Accuracies("lmf-4x", 0.8, 0.8),
            .. Accuracies("lmf-2x-from-dense", 0.8, 0.8), .. Accuracies("pruned-4x", 0.8, 0.8),
        ];
        Assert.Empty(PublishedClaims.Judge(rows, "dense"));
        Assert.Empty(PublishedClaims.Judge(Accuracies("lmf-2x", 0.9, 0.9), "dense"));
    }

    [Fact]
    public void The_number_of_blocks_is_hmds_own_and_its_rivals_are_those_without_one()
    {
        ResultRow[] rows = [.. Accuracies("hmd-2x-k8", 0.90, 0.92), .. Accuracies("hmd-2x-k2", 0.88, 0.89), .. Accuracies("lmf-2x", 0.80, 0.81)];
        Assert.Equal([("hmd-2x-k8", "lmf-2x"), ("hmd-2x-k2", "lmf-2x")], PublishedClaims.Judge(rows, "dense").Select(claim => (claim.Variant, claim.Against)));
    }

    [Fact]
    public void What_int8_does_is_not_counted_as_hmds()
    {
        ResultRow[] rows = [.. new[] { Seeds("hmd-2x-int8", 0.9, [0.2, 0.2]), Seeds("pruned-2x-int8", 0.9, [0.9, 0.9]), Seeds("dense", 0.9) }
            .SelectMany(seeds => seeds).Select(row => row with { Precision = row.VariantName == "dense" ? "fp32" : "int8" })];
        Assert.Equal([ClaimKinds.FasterThanPruned], PublishedClaims.Judge(rows, "dense").Select(claim => claim.Kind));
    }

    [Fact]
    public void An_emulated_machine_says_nothing_of_run_time_but_its_accuracy_counts()
    {
        ResultRow[] rows =
            [.. new[] { Seeds("hmd-2x", 0.9, [0.4, 0.4]), Seeds("pruned-2x", 0.9, [1.4, 1.4]), Seeds("dense", 0.9), Seeds("lmf-2x", 0.8, [0.5, 0.5]) }
            .SelectMany(seeds => seeds).Select(row => row with { Emulated = true })];
        Assert.Equal([ClaimKinds.BetterThanLowRank, ClaimKinds.NoWorseThanReference], PublishedClaims.Judge(rows, "dense").Select(claim => claim.Kind));
    }

    [Fact]
    public void Modes_and_devices_are_judged_by_themselves()
    {
        ResultRow[] rows =
            [Row("hmd-2x", 0.9, 1, 0.5), Row("dense", 0.9, 1), Row("hmd-2x", 0.9, 1, 1.5, mode: "streaming"), Row("dense", 0.9, 1, mode: "streaming")];
        Assert.Equal(
            [("window", "holds"), ("streaming", "does not hold")],
            PublishedClaims.Judge(rows, "dense").Where(claim => claim.IsRunTime).Select(claim => (claim.Mode!, claim.Verdict)));
    }

    [Fact]
    public void Invalid_rows_are_no_evidence() =>
        Assert.Empty(PublishedClaims.Judge(
            [.. Seeds("hmd-2x", 0.9, [0.4, 0.4]).Select(row => row with { Validity = Validity.Invalid }), .. Seeds("dense", 0.9)], "dense"));

    private static ClaimVerdict Only(string kind, params ResultRow[][] rows) =>
        Assert.Single(PublishedClaims.Judge([.. rows.SelectMany(row => row)], "dense"), claim => claim.Kind == kind);

    private static ResultRow[] Seeds(string name, double accuracy, double[]? ratios = null) =>
        [.. Enumerable.Range(1, ratios?.Length ?? 3).Select(seed => Row(name, accuracy, 1, ratios?[seed - 1], seed: seed))];

    private static ResultRow[] Accuracies(string name, params double[] values) =>
        [.. values.Select((value, i) => Row(name, value, 1, name == "dense" ? null : 0.5, seed: i + 1))];

    private static ResultRow[] Nats(string name, params double[] values) => [.. Accuracies(name, values).Select(row => row with { Metric = "nats" })];
}
