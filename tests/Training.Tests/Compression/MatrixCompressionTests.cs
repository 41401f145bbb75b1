using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Methods.Kronecker;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Structures;
using Fleet.Training.Matrices;
using Fleet.Training.Methods;
using Fleet.Training.Methods.Hmd;
using MathNet.Numerics.LinearAlgebra;

namespace Fleet.Training.Tests.Compression;

public sealed class MatrixCompressionTests
{
    [Theory]
    [InlineData(7, 7, 7)]
    [InlineData(30, 4, 4)]
    [InlineData(4, 30, 4)]
    [InlineData(1, 9, 1)]
    [InlineData(12, 9, 3)]
    public void All_terms_of_a_decomposition_make_up_the_matrix_and_its_vectors_are_orthonormal(int rows, int columns, int rank)
    {
        var (a, b) = (Dense.Random(rows * rank, 1), Dense.Random(rank * columns, 2));
        var matrix = new double[rows * columns];
        for (var index = 0; index < matrix.Length; index++)
        {
            matrix[index] = Enumerable.Range(0, rank).Sum(term => a[(index / columns * rank) + term] * b[(term * columns) + (index % columns)]);
        }

        var decomposed = Decomposition.Of(matrix, rows, columns);

        Assert.Equal(Math.Min(rows, columns), decomposed.Values.Count);
        Assert.Equal(decomposed.Values.OrderDescending(), decomposed.Values);
        Assert.All(decomposed.Values.Skip(rank), value => Assert.Equal(0, value, 1e-12));
        for (var index = 0; index < matrix.Length; index++)
        {
            var sum = Enumerable.Range(0, rank).Sum(term => decomposed.Left(index / columns, term) * decomposed.Right(index % columns, term));
            Assert.Equal(matrix[index], sum, 1e-12);
        }

        for (var term = 0; term < rank; term++)
        {
            for (var other = 0; other <= term; other++)
            {
                var expected = term == other ? decomposed.Values[term] : 0;
                Assert.Equal(expected, Enumerable.Range(0, rows).Sum(row => decomposed.Left(row, term) * decomposed.Left(row, other)), 1e-12);
                Assert.Equal(expected, Enumerable.Range(0, columns).Sum(column => decomposed.Right(column, term) * decomposed.Right(column, other)), 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(false, 11, 8)]
    [InlineData(true, 11, 8)]
    [InlineData(false, 6, 13)]
    public void Low_rank_leaves_out_the_smallest_singular_values_and_nothing_else(bool shared, int rows, int columns)
    {
        var structure = new LmfStructure(3, rows, columns, 4, shared);
        var dense = Dense.Random(3 * rows * columns, 3);

        var left = Dense.SquaredDistance(dense, Dense.Expand(structure, MatrixTrainings.Compress(structure, dense)));

        var partRows = shared ? 3 * rows : rows;
        var expected = dense.Chunk(partRows * columns).Sum(part => Tail(part, partRows, columns, 4));
        Assert.Equal(expected, left, 1e-10 * expected);
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(0, 1)]
    [InlineData(3, 3)]
    public void The_hybrid_form_keeps_rich_rows_and_of_each_block_its_greatest_singular_value(int rich, int blocks)
    {
        const int rows = 9;
        const int columns = 11;
        var structure = new HmdStructure(2, rows, columns, rich, blocks);
        var dense = Dense.Random(2 * rows * columns, 4);

        var hybrid = Dense.Expand(structure, MatrixTrainings.Compress(structure, dense));

        var expected = 0.0;
        for (var gate = 0; gate < 2; gate++)
        {
            var own = dense.AsSpan(gate * rows * columns, rows * columns).ToArray();
            Assert.Equal(own[..(rich * columns)], hybrid.AsSpan(gate * rows * columns, rich * columns).ToArray());
            for (var block = 0; block < blocks; block++)
            {
                var (start, end) = (HmdStructure.BlockStart(columns, blocks, block), HmdStructure.BlockStart(columns, blocks, block + 1));
                double[] cut = [.. own.Where((_, index) => index / columns >= rich && index % columns >= start && index % columns < end)];
                expected += Tail(cut, rows - rich, end - start, 1);
            }
        }

        Assert.Equal(expected, Dense.SquaredDistance(dense, hybrid), 1e-10 * expected);
        Assert.Equal(expected, HybridCompression.Loss(structure, dense), 1e-10 * expected);
    }

    [Theory]
    [InlineData(12, 10, 4, 2)]
    [InlineData(13, 13, 4, 5)]
    [InlineData(7, 5, 7, 1)]
    [InlineData(8, 8, 1, 3)]
    public void A_matrix_that_is_a_Kronecker_product_is_found_again_even_where_it_is_cut(int rows, int columns, int outerRows, int outerColumns)
    {
        var structure = new KroneckerStructure(2, rows, columns, outerRows, outerColumns);
        var dense = Dense.Expand(structure, Dense.Random((int)structure.Parameters, 5));

        var found = Dense.Expand(structure, MatrixTrainings.Compress(structure, dense));

        Assert.True(Dense.SquaredDistance(dense, found) < 1e-10 * dense.Sum(weight => weight * weight));
    }

    [Fact]
    public void The_nearest_Kronecker_product_leaves_out_all_but_the_rearranged_matrixs_greatest_singular_value()
    {
        var structure = new KroneckerStructure(1, 6, 8, 2, 4);
        var dense = Dense.Random(48, 6);

        var left = Dense.SquaredDistance(dense, Dense.Expand(structure, MatrixTrainings.Compress(structure, dense)));

        // Row (i1, j1) of the rearranged matrix is the block of 3 x 2 at (3 i1, 2 j1).
        double[] rearranged =
        [
            .. from i1 in Enumerable.Range(0, 2)
            from j1 in Enumerable.Range(0, 4)
            from i2 in Enumerable.Range(0, 3)
            from j2 in Enumerable.Range(0, 2)
            select dense[(((i1 * 3) + i2) * 8) + (j1 * 2) + j2],
        ];
        var expected = Tail(rearranged, 8, 6, 1);
        Assert.Equal(expected, left, 1e-10 * expected);
    }

    [Fact]
    public void Where_the_product_is_cut_what_lies_beyond_the_matrix_does_not_count()
    {
        var structure = new KroneckerStructure(1, 7, 7, 2, 2);
        var dense = Dense.Random(49, 7);
        var left = Dense.SquaredDistance(dense, Dense.Expand(structure, MatrixTrainings.Compress(structure, dense)));

        // The best approximation of the matrix filled up with zeros: it spends itself on the zeros, too.
        var wide = new KroneckerStructure(1, 8, 8, 2, 2);
        var filled = new double[64];
        for (var index = 0; index < 49; index++)
        {
            filled[(index / 7 * 8) + (index % 7)] = dense[index];
        }

        var ofFilled = Dense.SquaredDistance(dense, Dense.Expand(structure, MatrixTrainings.Compress(wide, filled)));
        Assert.True(left < ofFilled * 0.999, $"{left} left, {ofFilled} by filling up with zeros.");
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("pruned")]
    [InlineData("block-sparse")]
    [InlineData("doped-kronecker")]
    public void What_is_pruned_on_the_way_begins_as_the_very_matrix(string method)
    {
        MatrixStructure structure = method switch
        {
            "dense" => new DenseStructure(2, 9, 7),
            "pruned" => new PrunedStructure(2, 9, 7, 20),
            "block-sparse" => new BlockSparseStructure(2, 9, 7, 4, 6),
            _ => new DopedKroneckerStructure(2, 9, 7, 3, 2, 10),
        };
        var dense = Dense.Random(2 * 9 * 7, 8);

        var begun = Dense.Expand(structure, MatrixTrainings.Compress(structure, dense));

        Assert.All(dense.Zip(begun), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
    }

    [Fact]
    public void A_weight_that_is_not_a_number_is_refused() =>
        Assert.Contains(
            "NaN", Assert.Throws<ArgumentException>(() => MatrixTrainings.Compress(new LmfStructure(1, 2, 2, 1, false), [1, 2, double.NaN, 4])).Message);

    // What the best approximation of that rank leaves out, by another way: the eigenvalues of M' M.
    private static double Tail(double[] matrix, int rows, int columns, int rank)
    {
        var whole = Matrix<double>.Build.DenseOfRowMajor(rows, columns, matrix);
        return whole.TransposeThisAndMultiply(whole).Evd().EigenValues.Select(value => value.Real).OrderDescending().Skip(rank).Sum();
    }
}
