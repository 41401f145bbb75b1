using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Sessions;
using Fleet.Measurement.Tests.Simulation;

namespace Fleet.Measurement.Tests.Sessions;

public sealed class FailureTests
{
    [Fact]
    public void A_model_that_cannot_be_loaded_fails_alone_and_in_every_mode()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board) { Modes = [InferenceMode.Window, InferenceMode.Streaming] }
            .With("dense", 400).With("broken", () => throw new InvalidDataException("header: 12 bytes are missing")).Run();
        RunOutcome[] broken = [.. session.Outcomes.Where(outcome => outcome.Variant == "broken")];
        Assert.Equal(2, broken.Length);
        Assert.All(broken, outcome => Assert.Equal(new Reason(ReasonCodes.ModelNotLoaded, Detail: "broken: header: 12 bytes are missing"), outcome.Failure));
        Assert.All(session.Outcomes.Where(outcome => outcome.Variant == "dense"), outcome => Assert.NotNull(outcome.Measurement));
    }

    [Fact]
    public void A_model_that_fails_in_the_middle_fails_alone()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board)
            .With("dense", 400)
            .With("fragile", () => new SimulatedModel(board, 200) { OnRun = call => Throw(call > 2_000) }).Run();
        Assert.Equal(new Reason(ReasonCodes.ModelFailed, Detail: "fragile, window: not finite"), session.Outcome("fragile").Failure);
        Assert.Equal("width reached", session.Measured("dense").StoppedBy);
    }

    [Fact]
    public void A_model_that_cannot_be_evaluated_fails_alone()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board)
            .With("dense", 400)
            .With("blind", () => new SimulatedModel(board, 200) { Evaluation = () => throw new InvalidDataException("no labels") }).Run();
        Assert.Equal(new Reason(ReasonCodes.NotEvaluated, Detail: "blind: no labels"), session.Outcome("blind").Failure);
        Assert.NotNull(session.Outcome("dense").Measurement);
    }

    [Fact]
    public void Without_its_reference_a_session_still_measures_latencies()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board)
            .With("dense", () => throw new InvalidDataException("gone")).With("hmd", 200).Run();
        RunMeasurement hmd = session.Measured("hmd");
        Assert.Null(hmd.Ratio);
        Assert.Equal(200, hmd.Latency.P50!.Value, 0.5);
    }

    [Fact]
    public void When_nothing_can_be_measured_every_run_says_why()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board).With("dense", () => new SimulatedModel(board, 400) { OnRun = call => Throw(call > 0) }).Run();
        Assert.Contains("not finite", session.Outcome("dense").Failure!.Detail);
    }

    [Fact]
    public void Cancelling_ends_the_session_within_a_block()
    {
        using SimulatedBoard board = new();
        using CancellationTokenSource cancel = new();
        double cancelledAt = 0;
        SimulatedSession session = new SimulatedSession(board).With("dense", 400).With("hmd", 200).BeforeRound(3, () =>
        {
            cancelledAt = board.Clock.Seconds;
            cancel.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(cancel.Token));
        Assert.InRange(board.Clock.Seconds - cancelledAt, 0, 0.06);
        Assert.Empty(session.Outcomes);
    }

    [Fact]
    public void Every_loaded_model_is_disposed_of()
    {
        using SimulatedBoard board = new();
        List<SimulatedModel> loaded = [];
        SimulatedModel Load()
        {
            loaded.Add(new(board, 400) { OnRun = call => Throw(loaded.Count == 2 && call == 100) });
            return loaded[^1];
        }

        new SimulatedSession(board).With("dense", Load).Run();
        Assert.Equal(2, loaded.Count);
        Assert.All(loaded, model => Assert.True(model.Disposed));
    }

    [Fact]
    public void Progress_never_goes_back_and_ends_at_one()
    {
        using SimulatedBoard board = new();
        InferenceMode[] modes = [InferenceMode.Window, InferenceMode.Streaming];
        SimulatedSession session = new SimulatedSession(board) { Modes = modes }.With("dense", 400).With("hmd", 200).Run();
        double[] shares = [.. session.Progress.Select(progress => progress.Share)];
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
        Assert.Contains(session.Progress, progress => progress.Activity == "measuring streaming, round 3");
    }

    [Theory]
    [InlineData("nothing", "needs a variant")]
    [InlineData("twice", "the same key")]
    [InlineData("no reference", "not among")]
    [InlineData("no mode", "at least one mode")]
    public void A_plan_that_cannot_be_measured_is_refused_with_the_reason(string what, string reason)
    {
        MeasuredVariant dense = new("dense", "dense", () => throw new InvalidOperationException());
        SessionPlan plan = new() { Variants = [dense], Reference = "dense", Modes = [InferenceMode.Window], Seed = 1 };
        plan = what switch
        {
            "nothing" => plan with { Variants = [] },
            "twice" => plan with { Variants = [dense, dense] },
            "no reference" => plan with { Reference = "hmd" },
            _ => plan with { Modes = [] },
        };
        Assert.Contains(reason, Assert.Throws<ArgumentException>(plan.Check).Message);
    }

    [Fact]
    public void A_setting_outside_its_range_is_named_with_the_range()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new ProtocolSettings { MinRounds = 8, MaxRounds = 7 }.Check());
        Assert.Contains("max_rounds must be at least min_rounds (8)", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProtocolSettings { RatioWidth = 0 }.Check());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProtocolSettings { MinRounds = 1 }.Check());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProtocolSettings { BlockDuration = TimeSpan.FromSeconds(30) }.Check());
    }

    private static void Throw(bool now)
    {
        if (now)
        {
            throw new InvalidOperationException("not finite");
        }
    }
}
