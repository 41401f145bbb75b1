using Fleet.Kernels.Matrices;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Matrices;

public sealed unsafe class PrunedMatrixTests
{
    private const int Features = 5;
    private const int Steps = 17;

    // Features that each row reads: of different numbers, so that all vectors but the scalar one pad.
    private static readonly int[][] Rows = [[0], [1, 2, 3, 4], [4], [2, 3], [1, 2, 4], [3], [0, 1, 2, 3], [2], [1, 4]];

    public static TheoryData<SimdLevel> Levels => [.. Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported)];

    [Theory]
    [MemberData(nameof(Levels))]
    public void A_feature_that_is_no_number_spoils_the_rows_that_read_it_and_no_others(SimdLevel level)
    {
        var structure = new PrunedStructure(1, Rows.Length, Features, Rows.Sum(row => row.Length));
        var columns = Rows.SelectMany(row => row).Select(column => (ushort)column).ToArray();
        var offsets = Rows.Aggregate(new List<uint> { 0 }, (list, row) => [.. list, list[^1] + (uint)row.Length]).ToArray();
        var tensors = new Dictionary<string, Tensor>
        {
            ["values"] = new("values", [columns.Length], Enumerable.Repeat(1f, columns.Length).ToArray()),
            ["columns"] = new("columns", [columns.Length], columns),
            ["row_offsets"] = new("row_offsets", [offsets.Length], offsets),
        };
        var matrix = PackedAtLevel.Pack(structure, Precision.Fp32, level, name => tensors[name]);
        var stride = WeightMatrix.Padded(matrix.Rows);
        var (zeros, y) = (new Aligned<float>(stride), new Aligned<float>(Steps * stride));
        var (x, scratch) = (new Aligned<float>(Steps * Features), new Aligned<float>(matrix.ScratchFloats(Steps)));
        for (var spoiled = 0; spoiled < Features; spoiled++)
        {
            foreach (var value in (float[])[float.NaN, float.PositiveInfinity])
            {
                for (var place = 0; place < x.Length; place++)
                {
                    x.Span[place] = place % Features == spoiled ? value : 1 + place;
                }

                matrix.MultiplyMany(x.Pointer, Steps, zeros.Pointer, 0, y.Pointer, scratch.Pointer);
                for (var step = 0; step < Steps; step++)
                {
                    Check(y.Span.Slice(step * stride, stride), step, spoiled);
                    y.Span.Slice(step * stride, stride).Clear();
                    matrix.Multiply(x.Pointer + (step * Features), zeros.Pointer, y.Pointer, scratch.Pointer, backwards: false);
                    Check(y.Span[..stride], step, spoiled);
                }
            }
        }

        GC.KeepAlive(zeros);
        GC.KeepAlive(scratch);

        void Check(ReadOnlySpan<float> products, int step, int spoiled)
        {
            for (var row = 0; row < Rows.Length; row++)
            {
                var product = products[matrix.Order.Place(0, row)];
                if (Rows[row].Contains(spoiled))
                {
                    Assert.False(float.IsFinite(product));
                }
                else
                {
                    Assert.Equal(Rows[row].Sum(column => 1 + (step * Features) + column), product);
                }
            }
        }
    }
}
