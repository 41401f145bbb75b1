using Fleet.Kernels.Matrices;
using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Matrices;

public sealed unsafe class BlockSparseMatrixTests
{
    private const int Gates = 2;
    private const int Features = 11;

    // Features that each stack of rows reads, of two gates: none, and every number of them up to all, so that groups of blocks are padded.
    private static readonly int[][] Stacks =
        [[3], [0, 2, 5, 7, 10], [], [1, 4, 6], [8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [0, 3, 6, 9], [1, 2, 4, 5, 7, 8]];

    public static TheoryData<SimdLevel, int> Cases
    {
        get
        {
            var cases = new TheoryData<SimdLevel, int>();
            foreach (var level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
            {
                cases.Add(level, 4);
                cases.Add(level, 8);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_row_is_the_sum_of_what_its_stack_reads(SimdLevel level, int height)
    {
        var matrix = Pack(level, height);
        // Tiles that are full, that have some steps, and steps one by one.
        foreach (var steps in (int[])[1, 2, 5, 16, 17, 27])
        {
            var x = new Aligned<float>(steps * Features);
            for (var place = 0; place < x.Length; place++)
            {
                x.Span[place] = 1 + place;
            }

            Check(matrix, height, steps, x, (row, step) => Sum(height, row, column => x.Span[(step * Features) + column]));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_feature_that_is_no_number_spoils_the_rows_that_read_it_and_no_others(SimdLevel level, int height)
    {
        const int steps = 17;
        var matrix = Pack(level, height);
        var x = new Aligned<float>(steps * Features);
        for (var spoiled = 0; spoiled < Features; spoiled++)
        {
            x.Span.Fill(1);
            for (var step = 0; step < steps; step++)
            {
                x.Span[(step * Features) + spoiled] = float.NaN;
            }

            Check(matrix, height, steps, x, (row, _) => Sum(height, row, column => column == spoiled ? float.NaN : 1));
        }
    }

    private static void Check(WeightMatrix matrix, int height, int steps, Aligned<float> x, Func<int, int, float> expected)
    {
        var stride = WeightMatrix.Padded(matrix.Rows);
        var (zeros, y, one) = (new Aligned<float>(stride), new Aligned<float>(steps * stride), new Aligned<float>(stride));
        var scratch = new Aligned<float>(Math.Max(matrix.ScratchFloats(steps), matrix.ScratchFloats(1)));
        matrix.MultiplyMany(x.Pointer, steps, zeros.Pointer, 0, y.Pointer, scratch.Pointer);
        for (var step = 0; step < steps; step++)
        {
            matrix.Multiply(x.Pointer + (step * Features), zeros.Pointer, one.Pointer, scratch.Pointer, backwards: step % 2 == 1);
            for (var row = 0; row < matrix.Rows; row++)
            {
                var place = matrix.Order.Place(row / Units(height), row % Units(height));
                Assert.Equal(expected(row, step), y.Span[(step * stride) + place]);
                Assert.Equal(expected(row, step), one.Span[place]);
            }
        }

        GC.KeepAlive(zeros);
        GC.KeepAlive(scratch);
    }

    private static WeightMatrix Pack(SimdLevel level, int height)
    {
        var structure = new BlockSparseStructure(Gates, Units(height), Features, height, Stacks.Sum(stack => stack.Length));
        var columns = Stacks.SelectMany(stack => stack).Select(column => (ushort)column).ToArray();
        var offsets = Stacks.Aggregate(new List<uint> { 0 }, (list, stack) => [.. list, list[^1] + (uint)stack.Length]).ToArray();
        var values = Stacks.SelectMany((stack, index) => stack.SelectMany(column => Enumerable.Range(0, height).Select(row => Weight(index, row, column))))
            .ToArray();
        var tensors = new Dictionary<string, Tensor>
        {
            ["values"] = new("values", [columns.Length, height], values),
            ["columns"] = new("columns", [columns.Length], columns),
            ["row_offsets"] = new("row_offsets", [offsets.Length], offsets),
        };
        return PackedAtLevel.Pack(structure, Precision.Fp32, level, name => tensors[name]);
    }

    // A gate's last stack lacks a row.
    private static int Units(int height) => (Stacks.Length / Gates * height) - 1;

    // Small integers: every sum of their products is exact, in whatever order.
    private static float Weight(int stack, int row, int column) => ((5 * stack) + (3 * row) + column) % 7 - 3;

    private static float Sum(int height, int row, Func<int, float> x)
    {
        var (gate, unit) = (row / Units(height), row % Units(height));
        var stack = (gate * (Stacks.Length / Gates)) + (unit / height);
        return Stacks[stack].Sum(column => Weight(stack, unit % height, column) * x(column));
    }
}
