using Fleet.Measurement.Tests.Simulation;
using Fleet.Measurement.Turns;

namespace Fleet.Measurement.Tests.Turns;

public sealed class TurnTimerTests
{
    [Fact]
    public void Each_inference_gets_its_own_time()
    {
        using SimulatedBoard board = new();
        var times = new TurnTimer(board.Clock).Run([new SimulatedModel(board, 300), new SimulatedModel(board, 1.5)], default);
        Assert.Equal(300, times[0], 3.0);
        Assert.Equal(1.5, times[1], 0.05);
    }

    [Fact]
    public void A_machine_that_gets_slower_leaves_the_ratio_as_it_is()
    {
        using SimulatedBoard board = new();
        double Slower(long call) => 1 + board.Clock.Seconds;
        SimulatedModel Model(double microseconds) => new(board, microseconds) { Noise = Slower };
        var times = new TurnTimer(board.Clock).Run([Model(300), Model(600)], default);
        Assert.Equal(2, times[1] / times[0], 0.05);
    }

    [Fact]
    public void It_ends_when_it_is_told_to()
    {
        using SimulatedBoard board = new();
        using CancellationTokenSource stop = new();
        var model = new SimulatedModel(board, 300) { Noise = call =>
        {
            if (call == 500)
            {
                stop.Cancel();
            }

            return 1;
        } };
        Assert.ThrowsAny<OperationCanceledException>(() => new TurnTimer(board.Clock).Run([model], stop.Token));
    }
}
