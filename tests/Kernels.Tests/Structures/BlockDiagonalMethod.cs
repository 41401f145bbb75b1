using System.Globalization;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Structures;

/// <summary>
/// The worked example of docs/adding-a-method.md. Of each gate, the rows and the columns are cut into <paramref name="Blocks"/> segments,
/// as equal as they can be, and the rows of a segment read its columns only: y_j = W_j x_j.
/// </summary>
public sealed record BlockDiagonalStructure(int Gates, int Rows, int Columns, int Blocks) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "block-diagonal";

    public override string Method => Name;

    public override long Parameters => Gates * Enumerable.Range(0, Blocks).Sum(block => (long)Height(block) * Width(block));

    public override long Macs => Parameters;

    /// <summary>Of each block block.j[gates * height, width], gate by gate.</summary>
    public override IReadOnlyList<TensorSpec> Tensors =>
        [.. Enumerable.Range(0, Blocks).Select(block => new TensorSpec(Block(block), ElementType.F32, Gates * Height(block), Width(block)))];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>
    {
        ["blocks"] = Blocks.ToString(CultureInfo.InvariantCulture),
    };

    public static string Block(int block) => string.Create(CultureInfo.InvariantCulture, $"block.{block}");

    public int FirstRow(int block) => HmdStructure.BlockStart(Rows, Blocks, block);

    public int Height(int block) => FirstRow(block + 1) - FirstRow(block);

    public int FirstColumn(int block) => HmdStructure.BlockStart(Columns, Blocks, block);

    public int Width(int block) => FirstColumn(block + 1) - FirstColumn(block);

    /// <summary>For each block one product for all gates, whose parts are then put in the order of the gates.</summary>
    public override T Product<T>(IProductOperations<T> operations, T x)
    {
        var blocks = Enumerable.Range(0, Blocks)
            .Select(block => operations.Split(
                operations.Multiply(
                    operations.Slice(x, FirstColumn(block), Width(block)), MatrixFactor.Stored(Block(block), Gates * Height(block), Width(block))), Gates))
            .ToArray();
        return operations.Concat([.. Enumerable.Range(0, Gates).SelectMany(gate => blocks.Select(block => block[gate]))]);
    }

    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) =>
        new BlockDiagonalMatrix<V>(this, block => new DenseMatrix<V>(1, Gates * Height(block), Width(block), tensor(Block(block)).Floats));

    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors) =>
        new BlockDiagonalMatrix<V>(
            this, block => Stacked<V, D>(Gates * Height(block), Width(block), tensors.Bytes(Block(block)), tensors.Scales(Block(block))));
}

/// <summary>Fewer blocks have more weights: the fewest that keep within a budget.</summary>
public sealed class BlockDiagonalMethod : IWeightMethod
{
    public string Name => BlockDiagonalStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments) =>
        All(gates, rows, columns).FirstOrDefault(structure => structure.Parameters <= budget);

    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        (All(gates, rows, columns).Min(structure => structure.Parameters), All(gates, rows, columns).Max(structure => structure.Parameters));

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        new BlockDiagonalStructure(gates, rows, columns, MethodArguments.Required(arguments, "blocks", 1, Math.Min(rows, columns)));

    private static IEnumerable<BlockDiagonalStructure> All(int gates, int rows, int columns) =>
        Enumerable.Range(1, Math.Min(rows, columns)).Select(blocks => new BlockDiagonalStructure(gates, rows, columns, blocks));
}

/// <summary>Each block as a dense matrix of the rows of all gates.</summary>
internal sealed unsafe class BlockDiagonalMatrix<V> : GatewiseMatrix<V>
    where V : unmanaged, IVector<V>
{
    private readonly BlockDiagonalStructure structure;
    private readonly WeightMatrix[] blocks;
    private readonly Aligned<float> zeros;

    public BlockDiagonalMatrix(BlockDiagonalStructure structure, Func<int, WeightMatrix> block)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        this.structure = structure;
        blocks = [.. Enumerable.Range(0, structure.Blocks).Select(block)];
        zeros = new Aligned<float>(blocks.Max(part => Padded(part.Rows)));
    }

    public override long ResidentBytes => blocks.Sum(block => block.ResidentBytes) + zeros.Bytes;

    // One block's results, and what it needs.
    protected override int ProductScratchFloats(int steps) => zeros.Length + blocks.Max(block => block.ScratchFloats(1));

    protected override void Product(float* x, float* products, float* scratch)
    {
        for (var block = 0; block < blocks.Length; block++)
        {
            blocks[block].Multiply(x + structure.FirstColumn(block), zeros.Pointer, scratch, scratch + zeros.Length, backwards: false);
            var height = structure.Height(block);
            for (var gate = 0; gate < structure.Gates; gate++)
            {
                new ReadOnlySpan<float>(scratch + (gate * height), height)
                    .CopyTo(new Span<float>(products + (gate * GateFloats) + structure.FirstRow(block), height));
            }
        }
    }
}
