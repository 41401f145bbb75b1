using Fleet.Domain.Measuring;
using Fleet.Measurement.Tests.Simulation;

namespace Fleet.Measurement.Tests.Sessions;

public sealed class LatencyTests
{
    [Fact]
    public void Percentiles_without_enough_samples_are_null()
    {
        using SimulatedBoard board = new();

        // 5 inferences a block, 2 blocks a round, 8 rounds: 80 samples, enough for p50 (11) and p90 (64), not for p95 (130) and p99 (662).
        Latency latency = new SimulatedSession(board).With("dense", 10_000).With("hmd", 5_000).Run().Measured("dense").Latency;
        Assert.Equal(80, latency.N);
        Assert.NotNull(latency.P50);
        Assert.NotNull(latency.P90);
        Assert.Null(latency.P95);
        Assert.Null(latency.P99);
    }

    [Fact]
    public void Too_few_rounds_for_an_interval_leave_it_null()
    {
        using SimulatedBoard board = new();
        ProtocolSettings settings = new() { MinRounds = 3, MaxRounds = 4 };
        Latency latency = new SimulatedSession(board) { Settings = settings }.With("dense", 1_000).Run().Measured("dense").Latency;
        Assert.NotNull(latency.P50);
        Assert.Null(latency.P50Low);
        Assert.Null(latency.P50High);
    }

    [Fact]
    public void Upper_outliers_are_kept()
    {
        using SimulatedBoard board = new();
        Latency latency = new SimulatedSession(board)
            .With("dense", 400)
            .With("hmd", 200, call => call % 40 == 0 ? 20 : 1)
            .Run().Measured("hmd").Latency;
        Assert.Equal(200, latency.P90!.Value, 1.0);
        Assert.Equal(4_000, latency.P99!.Value, 10.0);
        Assert.InRange(latency.Mean!.Value, 280, 310); // 200 * (39 + 20) / 40 = 295
    }

    [Fact]
    public void If_one_variant_is_too_short_all_are_batched_alike_and_have_no_percentiles()
    {
        using SimulatedBoard board = new();

        // A reading of the clock takes 25 ns, so what is shorter than 2.5 us is batched: two of 1.25 us and the timer's share.
        SimulatedSession session = new SimulatedSession(board).With("dense", 100).With("hmd", 1.25).Run();
        foreach (string name in new[] { "dense", "hmd" })
        {
            Latency latency = session.Measured(name).Latency;
            Assert.Equal(2, latency.BatchSize);
            Assert.NotNull(latency.Mean);
            Assert.Null(latency.P50);
            Assert.Null(latency.P90);
            Assert.Null(latency.P99);
            Assert.All(session.Measured(name).Blocks, block => Assert.Null(block.MedianMicroseconds));
        }

        Assert.Equal(1.2625, session.Measured("hmd").Latency.Mean!.Value, 0.001);
        Assert.NotNull(session.Measured("hmd").Ratio);
    }

    [Theory]
    [InlineData(2.4, 2)]
    [InlineData(2.6, 1)]
    public void An_inference_of_a_hundred_clock_readings_is_timed_by_itself(double microseconds, int batch)
    {
        using SimulatedBoard board = new();
        Assert.Equal(batch, new SimulatedSession(board).With("dense", microseconds).Run().Measured("dense").Latency.BatchSize);
    }

    [Fact]
    public void The_cold_inference_is_the_first_after_loading_in_each_mode()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board) { Modes = [InferenceMode.Window, InferenceMode.Streaming] }
            .With("dense", 400, call => call == 0 ? 9 : 1).Run();
        Assert.Equal([InferenceMode.Window, InferenceMode.Streaming], session.Outcomes.Select(outcome => outcome.Mode));
        Assert.All(session.Outcomes, outcome => Assert.Equal(3_600, outcome.Measurement!.Latency.Cold!.Value, 1.0));
        Assert.All(session.Outcomes, outcome => Assert.Equal(400, outcome.Measurement!.Latency.P99!.Value, 1.0));
    }

    [Fact]
    public void Model_and_metric_are_told_as_the_model_gives_them()
    {
        using SimulatedBoard board = new();
        RunMeasurement dense = new SimulatedSession(board).With("dense", 400).Run().Measured("dense");
        Assert.Equal(1000, dense.ModelBytes);
        Assert.Equal(4000, dense.ModelResidentBytes);
        Assert.Equal(new MeasuredMetric("accuracy", 0.9, 0.88, 0.92, 1000), dense.Metric);
    }
}
