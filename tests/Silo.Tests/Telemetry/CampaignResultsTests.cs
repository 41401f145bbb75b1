using System.Text.Json;
using Fleet.Grains.Ports;
using Fleet.Measurement.Results;
using Fleet.Protocol.Results;
using Fleet.Silo.Telemetry;
using static Fleet.Silo.Tests.Running.Rows;

namespace Fleet.Silo.Tests.Telemetry;

public sealed class CampaignResultsTests
{
    private readonly CampaignResults results = new("c");

    [Fact]
    public void Blocks_are_counted_by_device_validity_and_reason_without_its_details()
    {
        Add(Row("1"), Block(Validity.Valid), Block(Validity.Valid), Block(Validity.Invalid, "the output differs: class 3 where 5 is expected"));
        Add(Row("2"), Block(Validity.Valid), Block(Validity.Invalid, "a garbage collection ran", "the output differs: class 1 where 2 is expected"));

        Assert.Equal([("valid", "no objection", 3), ("invalid", "the output differs", 2)], Blocks());
    }

    [Fact]
    public void Reasons_beyond_the_most_are_told_as_one()
    {
        Add(Row("1"), [.. Enumerable.Range(0, CampaignResults.MostReasons + 5).Select(i => Block(Validity.Suspect, $"reason {i}"))]);

        Assert.Equal(CampaignResults.MostReasons + 1, Blocks().Count);
        Assert.Contains(("suspect", "other", 5), Blocks());
    }

    [Fact]
    public void The_latest_row_of_a_variant_condition_and_device_is_told()
    {
        Add(Row("1"));
        Add(Row("2") with { MetricValue = 0.5 });
        Add(Row("3") with { Mode = "streaming" });
        Add(Row("4") with { Device = "e" });
        Add(Row("5") with { Phase = "sustained" });

        Assert.Equal(["2", "3", "4", "5"], results.Latest.Select(series => series.Row.Run).Order(StringComparer.Ordinal));
        Assert.Distinct(results.Latest.Select(series => string.Join('|', series.Tags.Select(tag => tag.Value))));
        Assert.Equal(5, results.Sequence);
    }

    [Fact]
    public void A_run_that_failed_has_nothing_to_tell()
    {
        results.Add([(7, new StoredResult(Row("1") with { Validity = "failed" }, default))], device => device);

        Assert.Empty(results.Latest);
        Assert.Empty(Blocks());
        Assert.Equal(7, results.Sequence);
    }

    private void Add(ResultRow row, params Block[] blocks) => results.Add(
        [(long.Parse(row.Run), new StoredResult(row, JsonSerializer.SerializeToUtf8Bytes(Measurement(blocks), MeasurementJson.Default.RunMeasurement)))],
        device => "name of " + device);

    private List<(string Validity, string Reason, long Count)> Blocks() =>
    [
        .. from count in results.Blocks
           let tags = count.Tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!)
           select (tags["validity"], tags["reason"], count.Value),
    ];

    private static Block Block(Validity validity, params string[] reasons) => new()
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
        Latency = new LatencySummary(),
        Validity = Validity.Valid,
        Reasons = [],
        Blocks = blocks,
        Seed = 1,
        StoppedBy = "width reached",
    };
}
