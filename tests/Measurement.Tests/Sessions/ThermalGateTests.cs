using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Tests.Simulation;

namespace Fleet.Measurement.Tests.Sessions;

public sealed class ThermalGateTests
{
    [Fact]
    public void A_round_waits_for_the_board_to_cool_and_says_how_long()
    {
        using SimulatedBoard board = new() { HeatingPerSecond = 10, CoolingPerSecond = 2 };
        SimulatedSession session = new SimulatedSession(board).With("dense", 400).With("hmd", 200).Run();
        Block[] blocks = [.. session.Outcomes.SelectMany(outcome => outcome.Measurement!.Blocks)];
        Assert.Contains(blocks, block => block.GateWaitSeconds > 0);
        Assert.All(blocks.Where(block => block.Position == 0), block => Assert.InRange(block.TemperatureBeforeCelsius!.Value, 45, 48.1));
        Assert.All(blocks.Where(block => block.Position > 0), block => Assert.Equal(0, block.GateWaitSeconds));
        Assert.Equal(Validity.Valid, session.Measured("dense").Validity);
    }

    [Fact]
    public void Waiting_does_not_use_up_the_time_limit()
    {
        using SimulatedBoard board = new() { HeatingPerSecond = 30, CoolingPerSecond = 2 };
        RunMeasurement dense = new SimulatedSession(board) { Settings = new() { TimeLimit = TimeSpan.FromSeconds(3) } }
            .With("dense", 400).With("hmd", 200).Run().Measured("dense");
        Assert.True(dense.Blocks[^1].StartSeconds > 10);
        Assert.Equal("width reached", dense.StoppedBy);
    }

    [Fact]
    public void A_board_that_does_not_cool_is_measured_after_the_limit_and_its_blocks_are_suspect()
    {
        using SimulatedBoard board = new() { HeatingPerSecond = 10 };
        SimulatedSession session = new SimulatedSession(board) { Settings = new() { GateLimit = TimeSpan.FromSeconds(5) } }
            .With("dense", 400).With("hmd", 200).Run();
        RunMeasurement dense = session.Measured("dense");
        Assert.Equal(Validity.Suspect, dense.Validity);
        Assert.Equal(ReasonCodes.NotCooled, Assert.Single(dense.Reasons).Code);
        Assert.Equal(5, session.Outcomes.SelectMany(outcome => outcome.Measurement!.Blocks).Sum(block => block.GateWaitSeconds), 1e-6);
    }

    [Fact]
    public void A_throttling_board_is_waited_for()
    {
        using SimulatedBoard board = new SimulatedBoard().WithFirmware();
        SimulatedSession session = new SimulatedSession(board).With("dense", 400).With("hmd", 200).BeforeRound(3, () =>
        {
            board.Throttle = ThrottleBits.SoftTemperatureLimitNow | ThrottleBits.SoftTemperatureLimitSinceBoot;
            board.At(board.Clock.Seconds + 2, () => board.Throttle = ThrottleBits.SoftTemperatureLimitSinceBoot);
        }).Run();
        Block[] blocks = [.. session.Outcomes.SelectMany(outcome => outcome.Measurement!.Blocks)];
        Assert.InRange(blocks.Single(block => block is { Round: 2, Position: 0 }).GateWaitSeconds, 1.9, 2.6);
        Assert.DoesNotContain(blocks, block => block.Validity == Validity.Invalid);
    }
}
