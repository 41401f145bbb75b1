using Fleet.Campaigns.Results;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Tests.Results;

public sealed class ResultRowsTests
{
    private static readonly VariantSpecification Variant = Sample.Specification().Variants[1];

    private static readonly RunOrigin Origin =
        new("c", "r", "s", "uci-har", Variant, new Condition(InferenceMode.Window, MeasuringPhase.Burst, ClockPolicy.AsIs), 2, Sample.Device());

    private static readonly RunMeasurement Measurement = new()
    {
        Metric = new MeasuredMetric("accuracy", 0.9, 0.87, 0.92, 300),
        Latency = new Latency { Cold = 50, Mean = 11, P50 = 10, P50Low = 9, P50High = 12, P90 = 20, N = 1000, BatchSize = 1 },
        Ratio = new Ratio { Value = 0.5, Low = 0.49, High = 0.51, Rounds = 8 },
        ModelBytes = 777,
        ModelResidentBytes = 888,
        PeakRssBytes = 999,
        Validity = Validity.Suspect,
        Reasons = [new(ReasonCodes.ClockLow, 2, 3)],
        Blocks = [],
        Seed = 5,
        StoppedBy = "width reached",
    };

    [Fact]
    public void A_row_says_all_that_is_known_of_variant_board_and_measurement()
    {
        var row = ResultRows.Compose(Origin, Sample.Model(Variant), Measurement, Sample.Noon);
        Assert.Equal(("c", "r", "s", "hmd-2x", "hmd", 2), (row.Campaign, row.Run, row.Session, row.VariantName, row.Method, row.Replicate));
        Assert.Equal(("Raspberry Pi 4", "arm64", "neon", "aot", "window", "burst"), (row.Board, row.Arch, row.Isa, row.Runtime, row.Mode, row.Phase));
        Assert.Equal(("accuracy", 0.9, 300L), (row.Metric, row.MetricValue, row.Samples));
        Assert.Equal((10.0, 20.0, null, 1000L, false), (row.LatencyUs!.P50, row.LatencyUs.P90, row.LatencyUs.P99, row.LatencyUs.N, row.LatencyUs.Batched));
        Assert.Equal((0.5, 8), (row.RatioToReference!.Value, row.RatioToReference.Rounds));
        Assert.Equal((777L, 888L, 999L, 500L), (row.ModelBytes, row.ModelResidentBytes, row.PeakRssBytes, row.Parameters));
        Assert.Equal(Validity.Suspect, row.Validity);
        Assert.Equal([new Reason(ReasonCodes.ClockLow, 2, 3)], row.Reasons);
        Assert.Null(row.EnergyMj);
        Assert.Equal("3", row.MethodParameters["r"]);
    }

    [Fact]
    public void A_batched_latency_is_told_as_such()
    {
        var batched = Measurement with { Latency = new Latency { Mean = 1, N = 10, BatchSize = 16 } };
        Assert.True(ResultRows.Compose(Origin, Sample.Model(Variant), batched, Sample.Noon).LatencyUs!.Batched);
    }

    [Fact]
    public void A_run_that_failed_has_a_row_with_its_reason_and_no_numbers()
    {
        var row = ResultRows.Failed(Origin, null, new Reason(ReasonCodes.WorkerDied, Detail: "the board was on fire"), Sample.Noon);
        Assert.Equal(Validity.Failed, row.Validity);
        Assert.Equal([new Reason(ReasonCodes.WorkerDied, Detail: "the board was on fire")], row.Reasons);
        Assert.Equal((null, null, null), (row.LatencyUs, row.MetricValue, row.Compression));
        Assert.Equal("accuracy", row.Metric);
    }
}
