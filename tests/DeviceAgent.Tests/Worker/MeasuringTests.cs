using System.Text.Json;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Os.Machines;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Tests.Worker;

/// <summary>The agent with its real worker process, real models and a real test set.</summary>
public sealed class MeasuringTests : IAsyncLifetime
{
    private static RunMeasurement Measurement(RunReport report) =>
        JsonSerializer.Deserialize(report.Measurement.Span, MeasurementJson.Default.RunMeasurement)!;

    private readonly TemporaryFolder temporary = new();
    private FakeSilo silo = null!;

    private string LockFolder => temporary.File("machine");

    public async ValueTask InitializeAsync() => silo = await FakeSilo.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        temporary.Dispose();
    }

    // Ratios and their intervals belong to the session's own tests; here counts what the agent's worker adds.
    [Fact]
    public async Task Two_variants_are_measured_side_by_side_in_both_modes_and_evaluated_on_the_whole_test_set()
    {
        Grant(SmallModels.TestSet, SmallModels.Dense, SmallModels.Hmd, ["window", "streaming"]);
        await using var agent = Agent();
        await silo.HearAsync(message => message.SessionEnded is not null, "the session's end");

        Assert.All(silo.Reports, report => Assert.Equal("", report.Failure));
        var results = silo.Reports.ToDictionary(report => report.Run, Measurement);
        Assert.Equal(
            ["session-1/dense/streaming", "session-1/dense/window", "session-1/hmd-4x/streaming", "session-1/hmd-4x/window"],
            results.Keys.Order());
        Assert.All(results.Values, result =>
        {
            Assert.Equal("accuracy", result.Metric.Name);
            Assert.Equal(SmallModels.TestSamples, result.Metric.Samples);
            Assert.InRange(result.Metric.Value!.Value, result.Metric.Low!.Value, result.Metric.High!.Value);
            Assert.True(result.Latency.Cold > 0);
            Assert.NotEmpty(result.Blocks);
            Assert.DoesNotContain(result.Reasons, reason => reason.Code is ReasonCodes.Allocation or ReasonCodes.WrongOutput);
            Assert.Equal("none", result.EnergySource);
            Assert.Null(result.EnergyMillijoules);
            Assert.Null(result.PeakRssBytes);
            Assert.Equal(7UL, result.Seed);
        });
        Assert.Equal(results["session-1/dense/window"].Metric, results["session-1/dense/streaming"].Metric);
        Assert.Equal(SmallModels.Dense.Length, results["session-1/dense/window"].ModelBytes);
        Assert.True(results["session-1/hmd-4x/window"].ModelResidentBytes > 1000);
        Assert.True(Fastest("window") > Fastest("streaming"), "a window takes longer than a step");

        // Blocks of any validity: the machine that runs the tests may be busy with others.
        double Fastest(string mode) => results[$"session-1/dense/{mode}"].Blocks.Min(block => block.MeanMicroseconds);
    }

    [Fact]
    public async Task Language_models_are_evaluated_in_nats_over_the_stream_and_timed_in_both_modes()
    {
        Grant(SmallModels.TestText, SmallModels.Language("dense", 1), SmallModels.Language("hmd", 2), ["window", "streaming"]);
        await using var agent = Agent();
        await silo.HearAsync(message => message.SessionEnded is not null, "the session's end");

        Assert.All(silo.Reports, report => Assert.Equal("", report.Failure));
        var results = silo.Reports.ToDictionary(report => report.Run, Measurement);
        Assert.Equal(4, results.Count);
        Assert.All(results.Values, result =>
        {
            Assert.Equal(("nats", SmallModels.TestTokens - 1L), (result.Metric.Name, result.Metric.Samples));
            Assert.InRange(result.Metric.Value!.Value, result.Metric.Low!.Value, result.Metric.High!.Value);
            Assert.NotEmpty(result.Blocks);
            Assert.DoesNotContain(result.Reasons, reason => reason.Code is ReasonCodes.Allocation or ReasonCodes.WrongOutput);
        });
        Assert.Equal(
            results["session-1/hmd-4x/window"].Metric.Value!.Value, results["session-1/hmd-4x/streaming"].Metric.Value!.Value, 1e-5);
    }

    [Fact]
    public async Task A_variant_alone_in_its_process_has_a_peak_of_memory()
    {
        Grant(SmallModels.TestSet, SmallModels.Dense, null, ["window"]);
        await using var agent = Agent();
        await silo.HearAsync(message => message.SessionEnded is not null, "the session's end");

        var result = JsonSerializer.Deserialize(silo.Reports.Single().Measurement.Span, MeasurementJson.Default.RunMeasurement)!;
        Assert.InRange(result.PeakRssBytes!.Value, 5L << 20, 1L << 30);
    }

    [Theory]
    [InlineData("flipped byte")]
    [InlineData("cut short")]
    [InlineData("no model")]
    [InlineData("another task")]
    public async Task A_model_that_is_damaged_or_does_not_fit_fails_its_run_with_the_reason_and_the_reference_is_measured(string damage)
    {
        var model = SmallModels.Hmd.ToArray();
        switch (damage)
        {
            case "flipped byte":
                model[^100] ^= 1;
                break;
            case "cut short":
                model = model[..^100];
                break;
            case "no model":
                model = SmallModels.TestSet;
                break;
            default:
                model = SmallModels.Make("hmd", 4, task: "speech");
                break;
        }

        Grant(SmallModels.TestSet, SmallModels.Dense, model, ["window"]);
        await using var agent = Agent();
        await silo.HearAsync(message => message.SessionEnded is not null, "the session's end");

        var failure = silo.Reports.Single(report => report.Variant == "key-hmd-4x").Failure;
        Assert.Contains("hmd-4x", failure, StringComparison.Ordinal);
        Assert.Contains(damage == "another task" ? "the model is for task speech" : "model of hmd-4x", failure, StringComparison.Ordinal);
        Assert.Equal("", silo.Reports.Single(report => report.Variant == "key-dense").Failure);
    }

    [Fact]
    public async Task A_training_pack_is_not_measured_on()
    {
        Grant(SmallModels.TrainingSet, SmallModels.Dense, null, ["window"]);
        await using var agent = Agent();
        await silo.HearAsync(message => message.SessionEnded is not null, "the session's end");

        Assert.Contains("devices measure on the test part alone", silo.Reports.Single().Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_waits_until_nobody_trains_and_says_so()
    {
        var machine = new MachineLock(TimeProvider.System, LockFolder);
        var training = await machine.AcquireSharedAsync(CancellationToken.None);
        Grant(SmallModels.TestSet, SmallModels.Dense, null, ["window"]);
        await using var agent = Agent();

        await silo.HearAsync(message => message.Heartbeat?.State == AgentState.WaitingForMachine, "the agent waits for the machine");
        await Until.TrueAsync(machine.SomebodyWaits, "trainers see that a worker waits");
        Assert.Empty(silo.Reports);
        training.Dispose();

        await silo.HearAsync(message => message.SessionEnded is not null, "the session's end");
        Assert.Equal("", silo.Reports.Single().Failure);
    }

    [Fact]
    public async Task A_worker_stops_in_the_middle_of_measuring_and_lets_go_of_the_machine()
    {
        var message = Grant(SmallModels.TestSet, SmallModels.Dense, SmallModels.Hmd, ["window"]);
        message.Lease.Protocol.MinRounds = message.Lease.Protocol.MaxRounds = 100_000;
        message.Lease.Protocol.TimeLimitSeconds = 600;
        await using var agent = Agent();
        await silo.HearAsync(said => said.Heartbeat?.Activity.Contains("round", StringComparison.Ordinal) == true, "rounds are measured");

        await silo.SayAsync(new SiloMessage { LeaseRevoked = new LeaseRevoked { Session = "session-1", Epoch = 1, Reason = "paused" } });
        await Until.TrueAsync(() => silo.Heard.Count(said => said.WorkRequest is not null) == 2, "the agent asks for other work");

        using var free = await new MachineLock(TimeProvider.System, LockFolder).AcquireExclusiveAsync(new CancellationTokenSource(Until.Limit).Token);
        Assert.Empty(silo.Reports);
    }

    private RunningAgent Agent() => new(silo.Grpc, temporary.File("state"), Workers.Real(LockFolder));

    private SiloMessage Grant(byte[] testSet, byte[] dense, byte[]? hmd, string[] modes)
    {
        var message = Support.Leases.Of(silo.Add(testSet), silo.Add(dense), hmd is null ? null : silo.Add(hmd), modes: modes);
        var nothing = silo.Work;
        var granted = 0;
        silo.Work = () => Interlocked.Exchange(ref granted, 1) == 0 ? message : nothing();
        return message;
    }
}
