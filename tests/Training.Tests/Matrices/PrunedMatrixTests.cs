using Fleet.Kernels.Structures;
using Fleet.Training.Matrices;

namespace Fleet.Training.Tests.Matrices;

public sealed class PrunedMatrixTests
{
    private static readonly float[] Weights = [0.1f, -0.5f, 0.3f, 0.3f, -0.2f, 0.9f, 0, -0.3f];

    [Fact]
    public void The_greatest_magnitudes_are_kept_exactly_as_many_as_asked_and_the_rest_is_zero()
    {
        using var matrix = new PrunedMatrix<float>(new PrunedStructure(1, 2, 4, 3));
        var weights = (float[])Weights.Clone();

        matrix.KeepLargest(weights, 3);

        // Three weights share the third place: of equals the first are dropped.
        Assert.Equal([0, -0.5f, 0, 0, 0, 0.9f, 0, -0.3f], weights);
        Assert.Equal(3, matrix.KeptCount);
    }

    [Fact]
    public void A_dropped_weight_never_comes_back()
    {
        using var matrix = new PrunedMatrix<float>(new PrunedStructure(1, 2, 4, 3));
        var weights = (float[])Weights.Clone();
        matrix.KeepLargest(weights, 5);
        weights[0] = 100;

        matrix.KeepLargest(weights, 4);

        Assert.False(matrix.Kept[0]);
        Assert.Equal(4, matrix.KeptCount);
    }

    [Fact]
    public void A_model_file_gets_compressed_rows_with_a_kept_zero_among_them()
    {
        using var matrix = new PrunedMatrix<float>(new PrunedStructure(1, 2, 4, 3));
        var weights = (float[])Weights.Clone();
        matrix.KeepLargest(weights, 3);
        weights[5] = 0;

        var tensors = matrix.Export("recurrent.", weights).ToDictionary(tensor => tensor.Name);

        Assert.Equal([-0.5f, 0, -0.3f], tensors["recurrent.values"].Floats.ToArray());
        Assert.Equal([1, 1, 3], tensors["recurrent.columns"].Words16.ToArray());
        Assert.Equal([0u, 1u, 3u], tensors["recurrent.row_offsets"].Words32.ToArray());
    }

    [Fact]
    public void A_weight_that_is_not_a_number_has_no_place_in_the_order()
    {
        using var matrix = new PrunedMatrix<float>(new PrunedStructure(1, 1, 2, 1));

        Assert.Throws<ArgumentException>(() => matrix.KeepLargest([1, float.NaN], 1));
    }
}
