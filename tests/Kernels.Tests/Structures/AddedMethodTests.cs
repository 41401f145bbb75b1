using Fleet.Kernels.Matrices;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Kernels.Tests.Runtime;

namespace Fleet.Kernels.Tests.Structures;

/// <summary>docs/adding-a-method.md is right: one file and one registration, and the method is allocated, stored and run as those that are built in.</summary>
public sealed unsafe class AddedMethodTests
{
    private const int Steps = 19;

    private static readonly MethodRegistry Methods = WeightMethods.Registry.With(new BlockDiagonalMethod());
    private static readonly Dictionary<string, string> None = [];

    // Heights of 8, 8 and 7 rows, widths of 4, 4 and 3 columns.
    private static readonly BlockDiagonalStructure Uneven = new(4, 23, 11, 3);

    public static TheoryData<Precision, SimdLevel> PrecisionsAndLevels => new MatrixTheoryData<Precision, SimdLevel>(
        Enum.GetValues<Precision>(), Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported));

    [Fact]
    public void It_is_found_by_its_name_beside_the_others_and_a_name_can_be_had_once()
    {
        Assert.IsType<BlockDiagonalMethod>(Methods.Find("block-diagonal"));
        Assert.Equal([.. WeightMethods.All, Methods.All[^1]], Methods.All);
        Assert.Null(WeightMethods.Find("block-diagonal"));
        Assert.Contains("'block-diagonal'", Assert.Throws<ArgumentException>(() => Methods.With(new BlockDiagonalMethod())).Message);
    }

    [Fact]
    public void A_cell_is_allocated_with_it()
    {
        // Two blocks: of each gate 2 x 15 x 20 weights for the input and 2 x 15 x 15 for the state, exactly a half.
        var cell = Allocated();
        Assert.Equal(new BlockDiagonalStructure(4, 30, 40, 2), cell.Input);
        Assert.Equal(new BlockDiagonalStructure(4, 30, 30, 2), cell.Recurrent);
        Assert.Equal(2400 + 1800, cell.Input.Parameters + cell.Recurrent.Parameters);
        var asked = Assert.Throws<CompressionRangeException>(() => CellAllocator.Allocate(cell.Shape, Methods.Find("block-diagonal")!, 31, None));
        Assert.Equal(30, asked.Max, 1e-9);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Int8)]
    public void A_model_of_it_comes_back_from_its_file(Precision precision)
    {
        var document = Document(precision);
        using var stream = new MemoryStream();
        ModelFile.Write(stream, document);
        var back = ModelFile.Read(stream.ToArray(), "added", Methods);
        Assert.Equal(document.Structure, back.Structure);
        Assert.All(document.Tensors, pair => Assert.Equal(pair.Value.Data, back.Tensors[pair.Key].Data));
        Assert.Contains("method 'block-diagonal' is unknown", Assert.Throws<FileFormatException>(() => ModelFile.Read(stream.ToArray(), "added")).Message);
    }

    [Theory]
    [MemberData(nameof(PrecisionsAndLevels))]
    public void Its_product_is_the_one_of_its_definition(Precision precision, SimdLevel level)
    {
        var document = RandomModel.Create(new CellStructure(new CellShape(CellShape.Lstm, 11, 23), Uneven, new DenseStructure(4, 23, 23)), 3, 5);
        var stored = precision == Precision.Int8 ? Quantiser.Quantise(document) : document;
        var meant = precision == Precision.Int8 ? Quantiser.Dequantise(stored) : document;
        var matrix = Pack(level, precision, name => stored.Tensors[Prefix + name]);
        var expected = OfAllSteps(step => Expected(precision, name => meant.Tensors[Prefix + name], X(step)));
        var found = Products(matrix);
        var scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-5 * scale));
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Int8)]
    public void A_model_of_it_runs_the_same_one_step_at_a_time_and_all_at_once(Precision precision)
    {
        var model = SequenceModel.Create(Document(precision));
        var input = ModelRunnerTests.Sequence(Steps * 40, 3);
        var whole = new float[3];
        model.CreateRunner(Steps).Window(input, Steps, whole);
        var streaming = model.CreateRunner(Steps);
        var last = new float[3];
        for (var step = 0; step < Steps; step++)
        {
            streaming.Step(input.AsSpan(step * 40, 40), last);
        }

        Assert.Equal(whole, last);
        Assert.Contains(whole, value => value != 0);
    }

    private static string Prefix => ModelDocument.MatrixPrefix(0, reverse: false, CellTensors.Input);

    private static CellStructure Allocated() => CellAllocator.Allocate(new CellShape(CellShape.Lstm, 40, 30), Methods.Find("block-diagonal")!, 2, None);

    private static ModelDocument Document(Precision precision) =>
        RandomModel.Create(Allocated(), 3, 1) is var document && precision == Precision.Int8 ? Quantiser.Quantise(document) : document;

    private static WeightMatrix Pack(SimdLevel level, Precision precision, Func<string, Tensor> tensor) => level switch
    {
        SimdLevel.V512 => WeightMatrices<V512>.Pack(Uneven, precision, tensor),
        SimdLevel.V256 => WeightMatrices<V256>.Pack(Uneven, precision, tensor),
        SimdLevel.V128 => WeightMatrices<V128>.Pack(Uneven, precision, tensor),
        _ => WeightMatrices<ScalarVector>.Pack(Uneven, precision, tensor),
    };

    private static double[] X(int step) => [.. ModelRunnerTests.Sequence(Steps * 11, 3).Skip(step * 11).Take(11).Select(value => (double)value)];

    private static double[] OfAllSteps(Func<int, double[]> product) => [.. Enumerable.Range(0, Steps).SelectMany(product)];

    // In int8 each block rounds the columns that it reads to bytes of their own greatest value.
    private static double[] Expected(Precision precision, Func<string, Tensor> tensor, double[] x)
    {
        int[] widths = [4, 4, 3];
        int[] heights = [8, 8, 7];
        var y = new double[4 * 23];
        for (var block = 0; block < 3; block++)
        {
            var part = x[widths[..block].Sum()..widths[..(block + 1)].Sum()];
            part = precision == Precision.Int8 ? Int8Reference.Bytes(part) : part;
            var weights = tensor($"block.{block}").Floats;
            for (var gate = 0; gate < 4; gate++)
            {
                for (var row = 0; row < heights[block]; row++)
                {
                    for (var column = 0; column < part.Length; column++)
                    {
                        y[(gate * 23) + heights[..block].Sum() + row] += weights[(((gate * heights[block]) + row) * part.Length) + column] * part[column];
                    }
                }
            }
        }

        return y;
    }

    private static float[] Products(WeightMatrix matrix)
    {
        var stride = WeightMatrix.Padded(matrix.Rows);
        var x = new Aligned<float>(Steps * matrix.Columns);
        ModelRunnerTests.Sequence(x.Length, 3).CopyTo(x.Span);
        var (zeros, products, scratch) = (new Aligned<float>(stride), new Aligned<float>(Steps * stride), new Aligned<float>(matrix.ScratchFloats(Steps)));
        matrix.MultiplyMany(x.Pointer, Steps, zeros.Pointer, 0, products.Pointer, scratch.Pointer);
        var found = new float[Steps * matrix.Rows];
        for (var step = 0; step < Steps; step++)
        {
            for (var row = 0; row < matrix.Rows; row++)
            {
                found[(step * matrix.Rows) + row] = products.Span[(step * stride) + matrix.Order.Place(row / matrix.Order.Units, row % matrix.Order.Units)];
            }
        }

        GC.KeepAlive(x);
        GC.KeepAlive(zeros);
        GC.KeepAlive(scratch);
        return found;
    }
}
