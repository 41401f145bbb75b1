using System.Text.Json;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Results;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Silo.Telemetry;
using Fleet.Statistics;
using static Fleet.Silo.Tests.Running.Rows;

namespace Fleet.Silo.Tests.Telemetry;

public sealed class CampaignResultsTests
{
    private readonly CampaignResults results = new("c");

    [Fact]
    public void Blocks_are_counted_by_device_validity_and_the_code_of_their_reason()
    {
        var wrong = new Reason(ReasonCodes.WrongOutput, Detail: "class 3 where 5 is expected");
        Add(Row("1"), Block(Validity.Valid), Block(Validity.Valid), Block(Validity.Invalid, wrong));
        Add(Row("2"), Block(Validity.Valid), Block(Validity.Invalid, new Reason(ReasonCodes.GarbageCollection), new Reason(ReasonCodes.WrongOutput)));

        Assert.Equal([("valid", "none", 3), ("invalid", "wrong-output", 2)], Blocks());
    }

    [Fact]
    public void Codes_that_are_not_known_share_one_label()
    {
        Add(Row("1"), [.. Enumerable.Range(0, 5).Select(i => Block(Validity.Suspect, new Reason($"reason-{i}")))]);
        Assert.Equal([("suspect", "other", 5)], Blocks());
    }

    [Fact]
    public void Each_variant_condition_and_device_is_a_series()
    {
        Add(Row("1"));
        Add(Row("2") with { VariantName = "hmd-4x" });
        Add(Row("3") with { Mode = "streaming" });
        Add(Row("4") with { Device = "e" });
        Add(Row("5") with { Phase = "sustained" });

        Assert.Equal(5, results.All.Count);
        Assert.Distinct(results.All.Select(series => string.Join('|', series.Tags.Select(tag => tag.Value))));
        Assert.Equal(5, results.Sequence);
    }

    [Fact]
    public void Seeds_are_taken_together_and_none_overwrites_another()
    {
        Add(Row("1") with { Seed = 1, MetricValue = 0.8 });
        Add(Row("2") with { Seed = 2, MetricValue = 0.9 });
        Add(Row("3") with { Seed = 3, MetricValue = 1.0 });

        var mean = Accuracy(Assert.Single(results.All));

        Assert.Equal(0.9, mean!.Value, 1e-12);
        // t(2, 0.975) = 4.303, s = 0.1: 4.303 * 0.1 / sqrt(3).
        Assert.Equal(0.9 - 0.2484, mean.Low!.Value, 1e-4);
        Assert.Equal(0.9 + 0.2484, mean.High!.Value, 1e-4);
    }

    [Fact]
    public void One_run_keeps_its_own_interval_and_what_was_not_measured_is_left_out()
    {
        Add(Row("1") with { MetricValue = 0.8, MetricLow = 0.7, MetricHigh = 0.85 });
        Add(Row("2") with { VariantName = "hmd-4x" });

        Assert.Equal([new Estimate(0.8, 0.7, 0.85), null], results.All.Select(Accuracy));
    }

    [Theory]
    [InlineData(0.8, Validity.Valid, Validity.Valid, Validity.Invalid)]
    [InlineData(0.8, Validity.Suspect, Validity.Valid, Validity.Suspect, Validity.Invalid)]
    [InlineData(0.8, Validity.Invalid, Validity.Invalid)]
    public void Invalid_runs_count_only_where_there_are_no_others_and_the_worst_validity_is_told(double accuracy, Validity worst, params Validity[] validities)
    {
        foreach (var (i, validity) in validities.Index())
        {
            Add(Row($"{i}") with { Seed = i, Validity = validity, MetricValue = validity == Validity.Invalid && validities.Length > 1 ? 0.1 : 0.8 });
        }

        var series = Assert.Single(results.All);

        Assert.Equal(accuracy, Accuracy(series)!.Value, 1e-12);
        Assert.Contains(new("validity", worst.Word()), series.Tags);
    }

    [Fact]
    public void A_run_that_failed_has_nothing_to_tell()
    {
        results.Add([(7, new StoredResult(Row("1") with { Validity = Validity.Failed }, default))], device => device);

        Assert.Empty(results.All);
        Assert.Empty(Blocks());
        Assert.Equal(7, results.Sequence);
    }

    private static Estimate? Accuracy(Series series) =>
        series.Of(row => row.MetricValue is { } value ? new(value, row.MetricLow, row.MetricHigh) : null, Estimate.Mean);

    [Fact]
    public void Rows_and_blocks_that_cannot_be_read_are_counted_or_left_out_and_hide_no_others()
    {
        results.Add(
            [
                (1, new StoredResult(UnreadableRow.Of("c", "1", "it is null"), default)),
                (2, new StoredResult(Row("2"), "{\"blocks\":null}"u8.ToArray())),
            ],
            device => device);
        Add(Row("3"), Block(Validity.Valid));

        Assert.Equal(1, results.Unreadable);
        Assert.Equal([("valid", "none", 1)], Blocks());
        Assert.Equal(3, results.Sequence);
    }

    private void Add(ResultRow row, params Block[] blocks) => results.Add(
        [(long.Parse(row.Run), new StoredResult(row, JsonSerializer.SerializeToUtf8Bytes(Measurement(blocks), MeasurementJson.Default.RunMeasurement)))],
        device => "name of " + device);

    private List<(string Validity, string Reason, long Count)> Blocks() =>
    [
        .. from count in results.Blocks(_ => true)
           let tags = count.Tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!)
           select (tags["validity"], tags["reason"], count.Value),
    ];

    private static Block Block(Validity validity, params Reason[] reasons) => new()
    {
        Round = 1,
        Position = 0,
        StartSeconds = 0,
        Seconds = 1,
        Inferences = 1,
        MeanMicroseconds = 1,
        Validity = validity,
        Reasons = reasons,
    };

    private static RunMeasurement Measurement(Block[] blocks) => new()
    {
        Metric = new MeasuredMetric("accuracy", 0.9, 0.85, 0.95, 50),
        Latency = new Latency { N = 0, BatchSize = 1 },
        Validity = Validity.Valid,
        Reasons = [],
        Blocks = blocks,
        Seed = 1,
        StoppedBy = "width reached",
    };
}
