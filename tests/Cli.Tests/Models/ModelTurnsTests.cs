using Fleet.Cli.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;

namespace Fleet.Cli.Tests.Models;

public sealed class ModelTurnsTests
{
    [Theory]
    [InlineData(true, HeadKind.Language)]
    [InlineData(false, HeadKind.Step)]
    [InlineData(false, HeadKind.Sequence)]
    public void A_window_and_its_steps_end_with_the_same_answer(bool tokens, HeadKind head)
    {
        var document = RandomModel.Create(
            new ModelStructure(
                tokens ? new EmbeddingStructure(9, 3) : null,
                Normalised: false,
                [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Gru, 3, 5)))],
                new HeadStructure(head, 9)), 1);
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
        var document = RandomModel.Create(
            new ModelStructure(null, Normalised: false, [new LayerStructure(LayerDirection.Bidirectional, [cell, cell])], new HeadStructure(HeadKind.None)), 1);
        Assert.Null(new ModelTurns(document, steps: 4).Streaming);
    }
}
