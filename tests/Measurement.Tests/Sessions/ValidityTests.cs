using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Tests.Simulation;

namespace Fleet.Measurement.Tests.Sessions;

public sealed class ValidityTests
{
    [Fact]
    public void A_throttled_block_is_invalid_and_measured_again()
    {
        using SimulatedBoard board = new SimulatedBoard().WithFirmware();
        SimulatedSession session = Session(board).BeforeRound(3, () =>
        {
            board.Throttle = ThrottleBits.ThrottledNow | ThrottleBits.ThrottledSinceBoot;
            board.Slowness = 1.7;
            board.At(board.Clock.Seconds + 0.06, () => (board.Throttle, board.Slowness) = (ThrottleBits.ThrottledSinceBoot, 1));
        });

        // The gate waits while the board throttles; here it is off, so that a block meets the throttling.
        session.Run();
        Block[] invalid = [.. session.Outcomes.SelectMany(outcome => outcome.Measurement!.Blocks).Where(block => block.Validity == Validity.Invalid)];
        Block block = Assert.Single(invalid.DistinctBy(found => (found.Round, found.Position)));
        Assert.Equal(2, block.Round);
        Assert.True(block.Throttled);
        Assert.Equal([new Reason(ReasonCodes.Throttled)], block.Reasons);

        Block[] repeated = [.. session.Outcomes
            .SelectMany(outcome => outcome.Measurement!.Blocks)
            .Where(other => (other.Round, other.Position) == (block.Round, block.Position))];
        Assert.Equal(Enumerable.Range(0, repeated.Length), repeated.Select(other => other.Attempt));
        Assert.Equal(Validity.Valid, repeated[^1].Validity);
        Assert.Equal(8, session.Measured("hmd").Ratio!.Rounds);
        Assert.Equal(0.5, session.Measured("hmd").Ratio!.Value, 1e-3);
        Assert.Equal(400, session.Measured("dense").Latency.Mean!.Value, 1.0);
    }

    [Fact]
    public void Throttling_that_does_not_end_makes_the_run_invalid_after_a_bounded_number_of_tries()
    {
        using SimulatedBoard board = new SimulatedBoard().WithFirmware();
        board.Throttle = ThrottleBits.FrequencyCappedNow;
        RunMeasurement dense = Session(board, maxRounds: 8).Run().Measured("dense");
        Assert.Equal(Validity.Invalid, dense.Validity);
        Assert.Equal([new Reason(ReasonCodes.TooFewRounds, 0, 8, "most rounds"), new Reason(ReasonCodes.Throttled, 64, 64)], dense.Reasons);
        Assert.Equal(8 * 2 * 4, dense.Blocks.Count);
        Assert.Null(dense.Latency.Mean);
        Assert.Null(dense.Ratio);
    }

    [Fact]
    public void Under_voltage_that_came_and_went_within_a_block_is_remembered_by_the_firmware()
    {
        using SimulatedBoard board = new SimulatedBoard().WithFirmware();
        void Brownout() => board.At(board.Clock.Seconds + 0.01, () => board.Throttle = ThrottleBits.UnderVoltageSinceBoot);
        SimulatedSession session = Session(board).BeforeRound(2, Brownout).Run();
        Block block = Assert.Single(session.Outcomes.SelectMany(outcome => outcome.Measurement!.Blocks), found => found.Validity == Validity.Invalid);
        Assert.True(block.UnderVoltage);
        Assert.False(block.Throttled);
    }

    [Fact]
    public void A_core_below_its_clock_is_believed_from_the_firmware_only()
    {
        using SimulatedBoard counted = new SimulatedBoard().WithFirmware();
        counted.ClockHertz = 0.6e9;
        Assert.Contains(new Reason(ReasonCodes.ClockLow), Session(counted, maxRounds: 8).Run().Measured("dense").Blocks[0].Reasons);

        using SimulatedBoard reported = new() { ClockHertz = 0.6e9 };
        RunMeasurement dense = Session(reported).Run().Measured("dense");
        Assert.Equal(Validity.Valid, dense.Validity);
        Assert.Equal(0.4, dense.Blocks[0].ClockRatio!.Value, 1e-9);
    }

    [Fact]
    public void A_reported_clock_that_falls_within_the_session_makes_blocks_suspect()
    {
        using SimulatedBoard board = new();
        RunMeasurement dense = Session(board).BeforeRound(5, () => board.ClockHertz = 1.2e9).Run().Measured("dense");
        Assert.Equal(8, dense.Blocks.Count(block => block.Validity == Validity.Suspect));
        Assert.Equal(Validity.Suspect, dense.Validity);
    }

    [Fact]
    public void A_busy_machine_makes_blocks_suspect_and_they_still_count()
    {
        using SimulatedBoard board = new() { OthersShare = 0.5 };
        RunMeasurement dense = Session(board).Run().Measured("dense");
        Assert.Equal(Validity.Suspect, dense.Validity);
        Assert.Equal(new Reason(ReasonCodes.OthersBusy, 16, 16), Assert.Single(dense.Reasons));
        Assert.All(dense.Blocks, block => Assert.InRange(block.OthersCpuShare!.Value, 0.4, 0.6));
        Assert.NotNull(dense.Latency.P50);
    }

    [Fact]
    public void A_few_suspect_blocks_leave_the_run_valid_with_its_reasons()
    {
        using SimulatedBoard board = new();
        RunMeasurement dense = Session(board).BeforeRound(2, () => board.OthersShare = 0.5).BeforeRound(3, () => board.OthersShare = 0).Run().Measured("dense");
        Assert.Equal(Validity.Valid, dense.Validity);
        Assert.Equal(new Reason(ReasonCodes.OthersBusy, 2, 16), Assert.Single(dense.Reasons));
    }

    [Theory]
    [InlineData(0.02, Validity.Valid)]
    [InlineData(0.10, Validity.Suspect)]
    [InlineData(0.60, Validity.Invalid)]
    public void A_shared_core_is_judged_by_how_much_of_the_block_it_was_held_by_others(double share, Validity validity)
    {
        using SimulatedBoard board = new() { CoreWaitShare = share };
        Block block = Session(board, maxRounds: 8).Run().Measured("dense").Blocks[0];
        Assert.Equal(validity, block.Validity);
        Assert.Equal(share, block.CoreWaitShare!.Value, 0.01);
    }

    [Fact]
    public void An_invalid_block_names_only_what_makes_it_invalid()
    {
        using SimulatedBoard board = new() { CoreWaitShare = 0.6, OthersShare = 0.5 };
        Block block = Session(board, maxRounds: 8).Run().Measured("dense").Blocks[0];
        Assert.Equal(new Reason(ReasonCodes.CoreTaken), Assert.Single(block.Reasons));
        Assert.InRange(block.OthersCpuShare!.Value, 0.4, 0.6);
    }

    [Fact]
    public void Memory_that_had_to_be_read_from_disk_makes_the_block_suspect()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = Session(board).BeforeRound(4, () => board.At(board.Clock.Seconds + 0.01, () => board.MajorFaults += 3)).Run();
        Block block = Assert.Single(session.Outcomes.SelectMany(outcome => outcome.Measurement!.Blocks), found => found.Validity == Validity.Suspect);
        Assert.Equal(3, block.MajorFaults);
    }

    [Fact]
    public void A_governor_changed_within_a_block_makes_it_invalid()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = Session(board).BeforeRound(4, () => board.At(board.Clock.Seconds + 0.01, () => board.Governor = "powersave")).Run();
        Block block = Assert.Single(session.Outcomes.SelectMany(outcome => outcome.Measurement!.Blocks), found => found.Validity == Validity.Invalid);
        Assert.Equal("powersave", block.Governor);
    }

    [Fact]
    public void A_garbage_collection_in_a_block_makes_it_invalid_and_measured_again()
    {
        using SimulatedBoard board = new();
        bool collect = false;
        SimulatedSession session = new SimulatedSession(board)
            .With("dense", () => new SimulatedModel(board, 400)
            {
                OnRun = _ =>
                {
                    if (collect)
                    {
                        collect = false;
                        GC.Collect();
                    }
                },
            })
            .BeforeRound(2, () => collect = true).Run();
        RunMeasurement dense = session.Measured("dense");

        // Other tests of this process may collect too; the one asked for is there in any case.
        Assert.Contains(dense.Blocks, block => block is { Round: 1, Attempt: 0, Validity: Validity.Invalid, GarbageCollections: > 0 });
        Assert.Contains(dense.Blocks, block => block is { Round: 1, Attempt: > 0 });
    }

    [Fact]
    public void A_model_that_allocates_is_invalid_and_not_measured_again()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board)
            .With("dense", 400)
            .With("greedy", () => new SimulatedModel(board, 200) { OnRun = _ => GC.KeepAlive(new byte[64]) }).Run();
        RunMeasurement greedy = session.Measured("greedy");
        Assert.Equal(Validity.Invalid, greedy.Validity);
        Assert.Equal(new Reason(ReasonCodes.Allocation, 1, 1), greedy.Reasons[0]);
        Assert.Single(greedy.Blocks);
        Assert.Equal(0.9, greedy.Metric.Value);
        Assert.NotEqual(Validity.Invalid, session.Measured("dense").Validity);
    }

    [Fact]
    public void A_wrong_output_in_the_timed_run_makes_the_run_invalid_with_the_difference()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board)
            .With("dense", 400)
            .With("fast-and-wrong", () => new SimulatedModel(board, 50) { Check = () => "class 3 where 5 is expected (window 17)" }).Run();
        RunMeasurement wrong = session.Measured("fast-and-wrong");
        Assert.Equal(Validity.Invalid, wrong.Validity);
        Assert.Equal(new Reason(ReasonCodes.WrongOutput, 1, 1, "class 3 where 5 is expected (window 17)"), wrong.Reasons[0]);
        Assert.Null(wrong.Ratio);
    }

    /// <summary>Dense and a variant twice as fast, without a thermal gate.</summary>
    private static SimulatedSession Session(SimulatedBoard board, int maxRounds = 40) =>
        new SimulatedSession(board) { Settings = new() { GateLimit = TimeSpan.Zero, MaxRounds = maxRounds } }.With("dense", 400).With("hmd", 200);
}
