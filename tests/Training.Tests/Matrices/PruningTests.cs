using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Training.Matrices;
using Fleet.Training.Methods.BlockSparse;
using Fleet.Training.Methods.Pruned;

namespace Fleet.Training.Tests.Matrices;

public sealed class PruningTests
{
    private static readonly float[] Weights = [0.1f, -0.5f, 0.3f, 0.3f, -0.2f, 0.9f, 0, -0.3f];

    [Fact]
    public void The_greatest_magnitudes_are_kept_exactly_as_many_as_asked_and_the_rest_is_zero()
    {
        var mask = new PruningMask<float>(start: 0, gates: 1, rows: 2, columns: 4, height: 1, target: 3);
        var weights = (float[])Weights.Clone();

        mask.KeepLargest(weights, 3);

        // Three weights share the third place: of equals the first are dropped.
        Assert.Equal([0, -0.5f, 0, 0, 0, 0.9f, 0, -0.3f], weights);
        Assert.Equal(3, mask.KeptCount);
    }

    [Fact]
    public void A_dropped_weight_never_comes_back()
    {
        var mask = new PruningMask<float>(start: 0, gates: 1, rows: 2, columns: 4, height: 1, target: 3);
        var weights = (float[])Weights.Clone();
        mask.KeepLargest(weights, 5);
        weights[0] = 100;

        mask.KeepLargest(weights, 4);

        Assert.False(mask.Kept[0]);
        Assert.Equal(4, mask.KeptCount);
    }

    [Fact]
    public void Of_blocks_the_longest_are_kept_and_a_gates_last_stack_may_be_short()
    {
        // Two gates of 3 rows and 2 columns in stacks of 2 rows, behind one parameter that is not pruned. Squared lengths:
        // gate 0: column 0: 1 + 1 = 2, column 1: 0 + 4 = 4; last row: 9, 0.01; gate 1: 0.25 + 0.25, 6.25 + 0; last row: 1, 1.
        var mask = new PruningMask<float>(start: 1, gates: 2, rows: 3, columns: 2, height: 2, target: 3);
        float[] weights = [0.001f, 1, 0, -1, 2, 3, 0.1f, 0.5f, 2.5f, -0.5f, 0, 1, 1];

        mask.KeepLargest(weights, 4);

        Assert.Equal([0.001f, 1, 0, -1, 2, 3, 0, 0, 2.5f, 0, 0, 0, 0], weights);
        Assert.Equal([true, true, true, false, false, true, false, false], mask.Kept.ToArray());
    }

    [Fact]
    public void A_model_file_gets_compressed_rows_with_a_kept_zero_among_them()
    {
        using var matrix = new TrainablePruned<float>(new PrunedStructure(1, 2, 4, 3));
        var weights = (float[])Weights.Clone();
        matrix.Pruning.KeepLargest(weights, 3);
        weights[5] = 0;

        var tensors = matrix.Export("recurrent.", weights).ToDictionary(tensor => tensor.Name);

        Assert.Equal([-0.5f, 0, -0.3f], tensors["recurrent.values"].Floats.ToArray());
        Assert.Equal([1, 1, 3], tensors["recurrent.columns"].Words16.ToArray());
        Assert.Equal([0u, 1u, 3u], tensors["recurrent.row_offsets"].Words32.ToArray());
    }

    [Fact]
    public void A_model_file_gets_blocks_whole_with_zeros_for_the_rows_that_a_short_stack_does_not_have()
    {
        // One gate of 5 rows in stacks of 4. Squared lengths: 1 + 4 + 9 + 16 and 25 in column 0, nothing but 0.01 in column 1.
        using var matrix = new TrainableBlockSparse<float>(new BlockSparseStructure(1, 5, 2, 4, 2));
        float[] weights = [1, 0, 2, 0.1f, 3, 0, 4, 0, 5, 0];
        matrix.Pruning.KeepLargest(weights, 2);

        var tensors = matrix.Export("input.", weights).ToDictionary(tensor => tensor.Name);

        Assert.Equal([2, 4], tensors["input.values"].Shape);
        Assert.Equal([1, 2, 3, 4, 5, 0, 0, 0], tensors["input.values"].Floats.ToArray());
        Assert.Equal([0, 0], tensors["input.columns"].Words16.ToArray());
        Assert.Equal([0u, 1u, 2u], tensors["input.row_offsets"].Words32.ToArray());
    }

    [Fact]
    public void A_weight_that_is_not_a_number_has_no_place_in_the_order()
    {
        var mask = new PruningMask<float>(start: 0, gates: 1, rows: 1, columns: 2, height: 1, target: 1);

        Assert.Throws<ArgumentException>(() => mask.KeepLargest(new float[] { 1, float.NaN }, 1));
    }
}
