using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Structures;

public sealed class LayerAllocatorTests
{
    private static readonly Dictionary<string, string> None = [];

    private static readonly CellShape Lowest = new(CellShape.Lstm, 9, 32);

    [Fact]
    public void Small_layers_have_as_many_units_as_fit_into_the_budget_of_all_together()
    {
        var layers = LayerAllocator.Allocate(Lowest, 2, bidirectional: true, new SmallMethod(), 3, None);

        var dense = Weights(LayerAllocator.Dense(Lowest, 2, bidirectional: true));
        var hidden = layers[0].Shape.Hidden;
        // Both directions: 2 * 4 h (9 + h) below, 2 * 4 h (2 h + h) above.
        Assert.Equal(8 * ((32 * 41) + (32 * 96)), dense);
        Assert.Equal((8 * hidden * (9 + hidden)) + (8 * hidden * 3 * hidden), Weights(layers));
        Assert.True(Weights(layers) <= dense / 3 && Weights(LayerAllocator.Dense(Lowest with { Hidden = hidden + 1 }, 2, bidirectional: true)) > dense / 3);
        Assert.Equal((LayerDirection.Bidirectional, 2 * hidden, hidden), (layers[1].Direction, layers[1].Shape.Input, layers[1].Shape.Hidden));
        Assert.Equal(LayerAllocator.Dense(Lowest with { Hidden = hidden }, 2, bidirectional: true), layers);
    }

    [Fact]
    public void Of_one_layer_small_is_what_it_is_of_a_cell() => Assert.Equal(
        CellAllocator.Allocate(Lowest, new SmallMethod(), 4, None),
        LayerAllocator.Allocate(Lowest, 1, bidirectional: false, new SmallMethod(), 4, None)[0].Cells[0]);

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(1e6)]
    public void What_small_layers_cannot_reach_is_an_error_with_the_greatest_factor(double compression)
    {
        var error = Assert.Throws<CompressionRangeException>(
            () => LayerAllocator.Allocate(Lowest, 2, bidirectional: false, new SmallMethod(), compression, None));
        // 4 * 32 * 41 + 4 * 32 * 64 weights; with one unit 4 * 10 + 4 * 2.
        Assert.Equal((1, (5248.0 + 8192) / 48), (error.Min, error.Max));
    }

    private static long Weights(IReadOnlyList<LayerStructure> layers) => layers.Sum(layer => layer.Parameters);
}
