using Fleet.Measurement.Stages;
using Fleet.Measurement.Tests.Simulation;

namespace Fleet.Measurement.Tests.Stages;

public sealed class StageTests
{
    [Fact]
    public void The_pilot_finds_what_a_reading_of_the_clock_costs() =>
        Assert.Equal(VirtualClock.ReadingNanoseconds, TimerPilot.CostTicks(new VirtualClock()), 1e-9);

    [Theory]
    [InlineData(2500, 25, 1)]
    [InlineData(2499, 25, 2)]
    [InlineData(100, 25, 25)]
    public void Batches_are_as_large_as_the_fastest_needs(double fastest, double cost, int batch) =>
        Assert.Equal(batch, TimerPilot.BatchSize(fastest, cost));

    [Fact]
    public void Warm_up_ends_after_six_samples_when_nothing_falls()
    {
        using SimulatedBoard board = new();
        SimulatedModel model = new(board, 20_000);
        WarmUp.Run(model, board.Clock, sampleTicks: 10_000_000, default);
        Assert.Equal(6, model.Calls);
    }

    [Fact]
    public void Warm_up_goes_on_while_samples_fall_and_gives_the_settled_time()
    {
        using SimulatedBoard board = new();
        SimulatedModel model = new(board, 20_000) { Noise = call => Math.Max(1, 3 - (0.1 * call)) };
        double ticks = WarmUp.Run(model, board.Clock, sampleTicks: 10_000_000, default);
        Assert.InRange(model.Calls, 20, 24);
        Assert.Equal(20e6, ticks, 1e5);
    }

    [Fact]
    public void Warm_up_ends_after_fifty_samples_at_the_latest()
    {
        using SimulatedBoard board = new();
        SimulatedModel model = new(board, 20_000) { Noise = call => Math.Pow(0.95, call) };
        WarmUp.Run(model, board.Clock, sampleTicks: 1_000, default);
        Assert.Equal(50, model.Calls);
    }

    [Fact]
    public void Code_is_settled_when_two_passes_in_a_row_compile_nothing()
    {
        using SimulatedBoard board = new();
        SimulatedModel model = new(board, 1_000);
        long[] compiled = [10, 15, 17, 17, 17, 17, 99];
        int pass = 0;
        new CodeSettling(board.Clock, () => compiled[pass++]).Run([model], default);
        Assert.Equal(5, pass);
    }

    [Fact]
    public void Code_compiled_ahead_is_settled_after_one_pass()
    {
        using SimulatedBoard board = new();
        int pass = 0;
        new CodeSettling(board.Clock, () => 0 * pass++).Run([new SimulatedModel(board, 1_000)], default);
        Assert.Equal(1, pass);
    }

    [Fact]
    public void A_block_checks_one_output_at_the_sample_asked_for_or_its_last()
    {
        using SimulatedBoard board = new();
        List<long> checkedAfter = [];
        SimulatedModel model = null!;
        model = new(board, 1_000) { Check = () => Note() };
        BlockTimer timer = new(board.Clock, blockTicks: 10_000_000, batch: 1, capacity: 100);
        timer.Run(model, checkAt: 3);
        long after = model.Calls;
        timer.Run(model, checkAt: 1_000);
        Assert.Equal([4, model.Calls], checkedAfter);
        Assert.InRange(after, 9, 10);

        string? Note()
        {
            checkedAfter.Add(model.Calls);
            return null;
        }
    }

    [Fact]
    public void A_block_ends_when_its_room_for_samples_is_used_up()
    {
        using SimulatedBoard board = new();
        BlockTimer timer = new(board.Clock, blockTicks: 10_000_000, batch: 2, capacity: 7);
        TimedBlock block = timer.Run(new SimulatedModel(board, 1), checkAt: 0);
        Assert.Equal(7, block.Samples.Length);
        Assert.All(block.Samples.ToArray(), ticks => Assert.Equal(2_025, ticks, 1.0));
    }
}
