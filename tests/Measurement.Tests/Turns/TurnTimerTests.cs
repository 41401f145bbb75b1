using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;
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
        var times = new TurnTimer(board.Clock).Run([new SimulatedModel(board, 300) { Noise = Slower }, new SimulatedModel(board, 600) { Noise = Slower }], default);
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

    [Theory]
    [InlineData(true, HeadKind.Language)]
    [InlineData(false, HeadKind.Step)]
    [InlineData(false, HeadKind.Sequence)]
    public void A_window_and_its_steps_end_with_the_same_answer(bool tokens, HeadKind head)
    {
        var document = RandomModel.Create(
            new ModelStructure(tokens ? new EmbeddingStructure(9, 3) : null, Normalised: false, [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Gru, 3, 5)))], new HeadStructure(head, 9)), 1);
        var turns = new ModelTurns(document, steps: 4);
        for (var again = 0; again < 2; again++)
        {
            turns.Window.Run();
            for (var step = 0; step < 4; step++)
            {
                turns.Streaming!.Run();
            }

            Assert.All(turns.WindowOutput[^9..].Zip(turns.StepOutput), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void A_model_that_reads_from_the_end_has_no_streaming_mode()
    {
        var cell = CellStructure.Dense(new CellShape(CellShape.Lstm, 3, 5));
        var document = RandomModel.Create(new ModelStructure(null, Normalised: false, [new LayerStructure(LayerDirection.Bidirectional, [cell, cell])], new HeadStructure(HeadKind.None)), 1);
        Assert.Null(new ModelTurns(document, steps: 4).Streaming);
    }
}
