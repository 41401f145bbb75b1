using CsCheck;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Methods.Kronecker;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Structures;

public sealed class CellAllocatorTests
{
    private static readonly Dictionary<string, string> None = [];

    private static readonly Gen<CellShape> AnyShape = Gen.Select(
        Gen.Int[1, 80],
        Gen.Int[4, 80],
        Gen.Int[0, 3],
        (input, hidden, kind) =>
            new CellShape(new[] { CellShape.Lstm, CellShape.Gru, CellShape.Gru, CellShape.Rnn }[kind], input, hidden) { ResetBefore = kind == 2 });

    private static readonly Gen<(string Method, Dictionary<string, string> Arguments)> AnyMethod = Gen.Select(
        Gen.Int[0, 5].Select(index => new[] { "hmd", "lmf", "pruned", "block-sparse", "kronecker", "doped-kronecker" }[index]),
        Gen.Int[0, 2].Select(index => new[] { "auto", "dense", "compressed" }[index]),
        Gen.Int[1, 4],
        Gen.Bool,
        (method, input, k, shared) =>
        {
            var arguments = new Dictionary<string, string> { ["input"] = input };
            switch (method)
            {
                case "hmd":
                    arguments["k"] = $"{k}";
                    break;
                case "lmf":
                    arguments["shared"] = shared ? "true" : "false";
                    break;
                case "block-sparse":
                    arguments["height"] = shared ? "4" : "8";
                    break;
                case "doped-kronecker":
                    arguments["dope"] = $"{20 * k}";
                    break;
            }

            return (method, arguments);
        });

    [Fact]
    public void Hmd_keeps_as_many_rich_rows_as_fit_beside_a_dense_narrow_input()
    {
        // LSTM 9 -> 64: dense 4 * 64 * (9 + 64) = 18688. At 4x 4672 remain; the input takes 4 * 64 * 9 = 2304 of them dense,
        // and each gate 592. r * 64 + 2 (64 - r) + 64 <= 592 gives r = 6 (564; one more would be 626).
        var cell = Allocate(9, 64, "hmd", 4, None);
        Assert.Equal(new DenseStructure(4, 64, 9), cell.Input);
        Assert.Equal(new HmdStructure(4, 64, 64, 6, 2), cell.Recurrent);
        Assert.Equal(2304 + (4 * 564), cell.Parameters);
        Assert.Equal(18688.0 / 4560, cell.Compression);

        // At 2x: 9344 - 2304 = 7040, a gate 1760, r = (1760 - 192) / 62 = 25.
        Assert.Equal(new HmdStructure(4, 64, 64, 25, 2), Allocate(9, 64, "hmd", 2, None).Recurrent);
    }

    [Fact]
    public void Wide_inputs_are_compressed_at_the_asked_factor()
    {
        // LSTM 200 -> 200: of each gate's 40000 weights 10000 remain: (10000 - 2 * 200 - 200) / (200 - 2) = 47.47.
        var cell = Allocate(200, 200, "hmd", 4, None);
        Assert.Equal(new HmdStructure(4, 200, 200, 47, 2), cell.Input);
        Assert.Equal(new HmdStructure(4, 200, 200, 47, 2), cell.Recurrent);
        Assert.Equal(new DenseStructure(4, 200, 200), Allocate(200, 200, "hmd", 1.5, new() { ["input"] = "dense" }).Input);
    }

    [Fact]
    public void Low_rank_takes_the_greatest_rank_that_fits()
    {
        // 2368 weights for four gates of 64 x 64: each rank takes 4 * (64 + 64) = 512, or 4 * 64 + 64 = 320 where V is shared.
        Assert.Equal(new LmfStructure(4, 64, 64, 4, false), Allocate(9, 64, "lmf", 4, None).Recurrent);
        Assert.Equal(new LmfStructure(4, 64, 64, 7, true), Allocate(9, 64, "lmf", 4, new() { ["shared"] = "true" }).Recurrent);
    }

    [Fact]
    public void Pruning_uses_the_budget_to_the_last_weight()
    {
        var cell = Allocate(9, 64, "pruned", 4, None);
        Assert.Equal(new PrunedStructure(4, 64, 64, 2368), cell.Recurrent);
        Assert.Equal(4, cell.Compression);
    }

    [Fact]
    public void Blocks_are_stored_whole_even_where_the_last_stack_is_short()
    {
        // 2 gates of 10 rows in stacks of 4: 3 stacks each, 6 * 5 blocks of 4 at most; 50 weights are 12 blocks.
        var sparse = Assert.IsType<BlockSparseStructure>(WeightMethods.Find("block-sparse")!.Fit(2, 10, 5, 50, None));
        Assert.Equal((3, 12, 48L), (sparse.Stacks, sparse.Blocks, sparse.Parameters));
        Assert.Equal((24L, 120L), WeightMethods.Find("block-sparse")!.Range(2, 10, 5, None));
    }

    [Fact]
    public void Kronecker_factors_cover_the_matrix_and_take_as_much_of_the_budget_as_factors_can()
    {
        // 7 x 6 in 2 x 3 blocks of 4 x 2: 6 + 8 weights; 3 products of 4 x 2 with the segments of x, then 2 x 3 x 4.
        var structure = new KroneckerStructure(1, 7, 6, 2, 3);
        Assert.Equal((4, 2, 14L, 24L + 24L), (structure.InnerRows, structure.InnerColumns, structure.Parameters, structure.Macs));
        // At most 20 of 42: 1 x 3 with 7 x 2 is 17, 2 x 1 with 4 x 6 is 26, 2 x 2 with 4 x 3 is 16, 3 x 1 with 3 x 6 is 21, 4 x 1 with 2 x 6 is 16.
        Assert.Equal(17, WeightMethods.Find("kronecker")!.Fit(1, 7, 6, 20, None)!.Parameters);
    }

    [Fact]
    public void The_sparse_part_of_a_doped_product_takes_what_the_factors_leave()
    {
        var doped = Assert.IsType<DopedKroneckerStructure>(WeightMethods.Find("doped-kronecker")!.Fit(4, 30, 20, 1000, None));
        Assert.Equal(1000, doped.Parameters);
        Assert.InRange(doped.Kronecker.Parameters, 1, 500);
    }

    [Fact]
    public void A_small_cell_is_a_dense_one_with_as_many_units_as_fit()
    {
        // LSTM 9 -> 64: of 18688 weights 4672 remain. 29 units take 4 * 29 * (9 + 29) = 4408, 30 would take 4680.
        Assert.Equal(CellStructure.Dense(new CellShape(CellShape.Lstm, 9, 29)), Allocate(9, 64, "small", 4, None));
        // At 1x nothing is lost, at the greatest factor one unit is left, which has 4 * 10 weights.
        Assert.Equal(64, Allocate(9, 64, "small", 1, None).Shape.Hidden);
        Assert.Equal(1, Allocate(9, 64, "small", 18688.0 / 40, None).Shape.Hidden);
        Assert.Contains("the maximum 467.2.", Assert.Throws<CompressionRangeException>(() => Allocate(9, 64, "small", 468, None)).Message);
        Assert.Equal(
            "small takes no argument 'input'. It takes none.",
            Assert.Throws<MethodArgumentException>(() => Allocate(9, 64, "small", 2, new() { ["input"] = "dense" })).Message);
    }

    [Fact]
    public void A_small_cell_keeps_within_the_budget_and_one_unit_more_would_not() =>
        Gen.Select(AnyShape, Gen.Double[1, 10]).Sample((shape, compression) =>
        {
            var budget = (long)(shape.DenseParameters / compression);
            try
            {
                var small = Allocate(shape, "small", compression, None).Shape;
                var more = small with { Hidden = small.Hidden + 1 };
                return small.DenseParameters <= budget && (more.Hidden > shape.Hidden || more.DenseParameters > budget)
                    && small with { Hidden = shape.Hidden } == shape;
            }
            catch (CompressionRangeException)
            {
                return (shape with { Hidden = 1 }).DenseParameters > budget;
            }
        });

    [Fact]
    public void Widths_of_rank_1_blocks_differ_by_one_at_most_and_the_wider_come_first() =>
        Assert.Equal([0, 3, 5, 7], Enumerable.Range(0, 4).Select(block => HmdStructure.BlockStart(7, 3, block)));

    [Theory]
    [InlineData("hmd", 100)]
    [InlineData("hmd", 0.5)]
    [InlineData("hmd", double.NaN)]
    [InlineData("hmd", double.PositiveInfinity)]
    [InlineData("lmf", 50)]
    [InlineData("pruned", 8)]
    [InlineData("dense", 2)]
    public void An_impossible_factor_is_an_error_that_names_the_least_and_the_greatest(string method, double compression)
    {
        var error = Assert.Throws<CompressionRangeException>(() => Allocate(9, 64, method, compression, None));
        // hmd: 18688 / (2304 + 4 * (2 * 64 + 64)) = 6.08; lmf: 18688 / (2304 + 512); pruned: a weight a row, 18688 / (2304 + 256).
        var greatest = method switch { "hmd" => "6.08", "lmf" => "6.63", "pruned" => "7.3", _ => "1" };
        Assert.Contains($"the minimum factor is 1, the maximum {greatest}.", error.Message);
        Assert.Contains("lstm 9 -> 64", error.Message);
    }

    [Fact]
    public void A_cell_too_small_for_a_method_is_said_to_be_so() =>
        Assert.Contains(
            "cannot compress this cell at all",
            Assert.Throws<CompressionRangeException>(() => Allocate(3, 7, "hmd", 1.3, new() { ["k"] = "3", ["input"] = "compressed" })).Message);

    [Theory]
    [InlineData("hmd", "k", "0", "1 to")]
    [InlineData("hmd", "k", "17", "1 to")]
    [InlineData("hmd", "k", "two", "'two'")]
    [InlineData("hmd", "input", "maybe", "auto | dense | compressed")]
    [InlineData("hmd", "d", "3", "takes no argument 'd'. It takes: k, input.")]
    [InlineData("lmf", "shared", "1", "true | false")]
    public void A_wrong_argument_is_an_error_that_says_what_may_be_given(string method, string name, string value, string message)
    {
        var error = Assert.Throws<MethodArgumentException>(() => Allocate(9, 64, method, 2, new() { [name] = value }));
        Assert.Equal(name, error.Argument);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Parameters_never_exceed_the_budget_and_one_unit_more_would() =>
        Gen.Select(AnyShape, Gen.Double[1, 12], AnyMethod).Sample((shape, compression, method) =>
        {
            CellStructure cell;
            try
            {
                cell = Allocate(shape, method.Method, compression, method.Arguments);
            }
            catch (Exception error) when (error is CompressionRangeException or MethodArgumentException)
            {
                return true;
            }

            var budget = (long)(cell.Shape.DenseParameters / compression);
            var left = budget - cell.Parameters;
            return left >= 0 && cell.Compression >= compression && (More(cell.Recurrent) is not { } more || more - cell.Recurrent.Parameters > left);
        });

    [Fact]
    public void Every_factor_in_the_named_range_can_be_had_and_none_outside() =>
        Gen.Select(AnyShape, Gen.Double[0, 1], AnyMethod).Sample((shape, place, method) =>
        {
            double min, greatest;
            try
            {
                (min, greatest) = CellAllocator.Range(shape, WeightMethods.Find(method.Method)!, method.Arguments);
            }
            catch (MethodArgumentException)
            {
                // More blocks than the narrow input has columns.
                return true;
            }

            if (greatest >= min)
            {
                // A hair inside: the end itself is a quotient that may have been rounded up.
                Allocate(shape, method.Method, min + (place * 0.999999 * (greatest - min)), method.Arguments);
            }

            return Refuses(min * 0.99) && Refuses(Math.Max(min, greatest) * 4);

            bool Refuses(double compression)
            {
                try
                {
                    Allocate(shape, method.Method, compression, method.Arguments);
                    return false;
                }
                catch (CompressionRangeException)
                {
                    return true;
                }
            }
        });

    [Fact]
    public void A_structure_is_restored_from_its_arguments() =>
        Gen.Select(AnyShape, Gen.Double[1, 6], AnyMethod).Sample((shape, compression, method) =>
        {
            try
            {
                var cell = Allocate(shape, method.Method, compression, method.Arguments);
                return cell.Matrices.Select(pair => pair.Matrix).All(matrix =>
                    WeightMethods.Find(matrix.Method)!.Restore(matrix.Gates, matrix.Rows, matrix.Columns, matrix.Arguments) == matrix
                    && matrix.Tensors.Where(tensor => tensor.Type == ElementType.F32).Sum(tensor => tensor.Elements) == matrix.Parameters);
            }
            catch (Exception error) when (error is CompressionRangeException or MethodArgumentException)
            {
                return true;
            }
        });

    [Theory]
    [InlineData("kronecker", 65535, 65535, 1, 65535)]
    [InlineData("doped-kronecker", 65535, 65535, 1, 65535)]
    [InlineData("kronecker", 20000, 20000, 1, 20000)]
    [InlineData("doped-kronecker", 20000, 20000, 1, 20000)]
    public void Kronecker_factors_whose_product_would_take_too_much_memory_are_refused(string name, int rows, int columns, int m1, int n1)
    {
        var method = WeightMethods.Find(name)!;
        var failure = Assert.Throws<MethodArgumentException>(() => method.Restore(1, rows, columns, Factors(m1, n1)));
        Assert.Equal("n1", failure.Argument);
        Assert.Contains("floats, more than 67108864", failure.Message, StringComparison.Ordinal);
        Assert.Equal(rows, method.Restore(1, rows, columns, Factors(rows, n1)).Rows);
        Assert.Equal(columns, method.Restore(1, rows, columns, Factors(m1, 1)).Columns);

        static Dictionary<string, string> Factors(int m1, int n1) => new() { ["m1"] = $"{m1}", ["n1"] = $"{n1}", ["non_zeros"] = "1" };
    }

    // Parameters with one unit more (a rich row a gate, a rank, a weight), or null where there is none.
    private static long? More(MatrixStructure structure) => structure switch
    {
        HmdStructure hmd => hmd.Rich < hmd.Rows - 1 ? (hmd with { Rich = hmd.Rich + 1 }).Parameters : null,
        LmfStructure lmf => lmf.Rank < Math.Min(lmf.Shared ? lmf.Gates * lmf.Rows : lmf.Rows, lmf.Columns)
            ? (lmf with { Rank = lmf.Rank + 1 }).Parameters
            : null,
        BlockSparseStructure sparse => sparse.Blocks < (long)sparse.Gates * sparse.Stacks * sparse.Columns ? sparse.Parameters + sparse.Height : null,
        DopedKroneckerStructure doped => doped.NonZeros < (long)doped.Gates * doped.Rows * doped.Columns ? doped.Parameters + 1 : null,
        PrunedStructure pruned => pruned.NonZeros < (long)pruned.Gates * pruned.Rows * pruned.Columns ? pruned.NonZeros + 1 : null,
        _ => null,
    };

    private static CellStructure Allocate(int input, int hidden, string method, double compression, Dictionary<string, string> arguments) =>
        Allocate(new CellShape(CellShape.Lstm, input, hidden), method, compression, arguments);

    private static CellStructure Allocate(CellShape shape, string method, double compression, Dictionary<string, string> arguments) =>
        CellAllocator.Allocate(shape, CellMethods.Find(method)!, compression, arguments);
}
