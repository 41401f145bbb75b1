using Fleet.Kernels.Methods.Hmd;
using Fleet.Tasks.Numerics;
using Fleet.Training.Compression;

namespace Fleet.Training.Tests.Compression;

public sealed class RichUnitsTests
{
    private const int Units = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Units_whose_rows_follow_nothing_become_rich_and_what_is_left_has_rank_1(long seed)
    {
        var random = new Xoshiro256(seed);
        int[] shuffled = [.. Enumerable.Range(0, Units)];
        random.Shuffle<int>(shuffled);
        var odd = shuffled[..6].Order().ToArray();
        // An input and a recurrent matrix of three gates; the same six units are odd in both.
        HybridCandidate[] matrices =
        [
            new(new HmdStructure(3, Units, 9, 6, 2), Planted(9, 2, odd, seed), ReadsState: false),
            new(new HmdStructure(3, Units, Units, 6, 1), Planted(Units, 1, odd, seed + 100), ReadsState: true),
        ];

        var order = RichUnits.Order(matrices);

        Assert.Equal(odd, order[..6].Order());
        Assert.Equal(Enumerable.Range(0, Units), order.Order());
        Assert.Equal(0, RichUnits.Loss(matrices, order), 1e-10);
        Assert.True(RichUnits.Loss(matrices, [.. Enumerable.Range(0, Units)]) > 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_order_is_never_worse_than_none_whatever_the_weights(int blocks)
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            HybridCandidate[] matrices = [new(new HmdStructure(2, Units, Units, 7, blocks), Dense.Random(2 * Units * Units, seed), ReadsState: true)];

            Assert.True(RichUnits.Loss(matrices, RichUnits.Order(matrices)) <= RichUnits.Loss(matrices, [.. Enumerable.Range(0, Units)]));
        }
    }

    [Fact]
    public void Matrices_may_have_different_numbers_of_rich_rows_and_none_at_all()
    {
        HybridCandidate[] matrices =
        [
            new(new HmdStructure(2, Units, 8, 0, 2), Dense.Random(2 * Units * 8, 5), ReadsState: false),
            new(new HmdStructure(2, Units, Units, 5, 2), Dense.Random(2 * Units * Units, 6), ReadsState: true),
        ];

        Assert.Equal(Enumerable.Range(0, Units), RichUnits.Order(matrices).Order());
        Assert.Equal(Enumerable.Range(0, Units), RichUnits.Order([matrices[0]]));
    }

    // Rank-1 blocks side by side in all rows but the odd ones, which are random.
    private static double[] Planted(int columns, int blocks, int[] odd, long seed)
    {
        var random = new Xoshiro256(seed);
        var dense = new double[3 * Units * columns];
        for (var gate = 0; gate < 3; gate++)
        {
            var (b, c) = (Dense.Random(blocks * Units, seed + gate), Dense.Random(columns, seed + 10 + gate));
            for (var index = 0; index < Units * columns; index++)
            {
                var (row, column) = (index / columns, index % columns);
                var block = Enumerable.Range(0, blocks).Last(number => HmdStructure.BlockStart(columns, blocks, number) <= column);
                dense[(gate * Units * columns) + index] = odd.Contains(row) ? random.Normal() : b[(block * Units) + row] * c[column];
            }
        }

        return dense;
    }
}
