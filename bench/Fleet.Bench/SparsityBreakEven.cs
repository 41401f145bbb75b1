using Fleet.Kernels.Matrices;
using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Models;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>The share of zeros from which on a sparse form is faster than the dense one, of the product with one vector of a cell of four gates.</summary>
/// <param name="Sparsity">Null where it is slower even with nearly all weights gone.</param>
internal sealed record BreakEven(string Form, int Hidden, Precision Precision, double? Sparsity);

/// <summary>Finds it by halving: the more zeros, the less time.</summary>
internal static unsafe class SparsityBreakEven
{
    private const int Gates = 4;

    // To 0.98 / 2^6: 1.5 points.
    private const double Max = 0.98;
    private const int Halvings = 6;

    public static IReadOnlyList<int> Hidden { get; } = [64, 118, 128, 179, 200, 650];

    public static IReadOnlyList<string> Forms { get; } = ["pruned", "block-sparse 4x1", "block-sparse 8x1"];

    public static IEnumerable<BreakEven> Run() =>
        from form in Forms from precision in Enum.GetValues<Precision>() from hidden in Hidden select Find(form, hidden, precision);

    private static BreakEven Find(string form, int hidden, Precision precision)
    {
        var dense = Product(new DenseStructure(Gates, hidden, hidden), precision);
        var (slower, faster) = (0.0, Max);
        if (!IsFaster(Max))
        {
            return new BreakEven(form, hidden, precision, null);
        }

        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (slower + faster) / 2;
            (slower, faster) = IsFaster(middle) ? (slower, middle) : (middle, faster);
        }

        return new BreakEven(form, hidden, precision, (slower + faster) / 2);

        bool IsFaster(double sparsity) => Turns.Compare(form, "", "dense", Product(Sparse(form, hidden, sparsity), precision), dense).Ratio > 1;
    }

    private static MatrixStructure Sparse(string form, int hidden, double sparsity)
    {
        if (form == Forms[0])
        {
            return new PrunedStructure(Gates, hidden, hidden, (int)(Gates * hidden * hidden * (1 - sparsity)));
        }

        var empty = new BlockSparseStructure(Gates, hidden, hidden, form == Forms[1] ? 4 : 8, 0);
        return empty with { Blocks = (int)(Gates * empty.Stacks * hidden * (1 - sparsity)) };
    }

    private static Action Product(MatrixStructure structure, Precision precision)
    {
        var cell = new CellStructure(new CellShape(CellShape.Lstm, 1, structure.Columns), new DenseStructure(Gates, structure.Rows, 1), structure);
        var document = RandomModel.Create(cell, 1, seed: 1);
        document = precision == Precision.Int8 ? Quantiser.Quantise(document) : document;
        var prefix = ModelDocument.MatrixPrefix(0, reverse: false, CellTensors.Recurrent);
        var matrix = Pack(structure, precision, name => document.Tensors[prefix + name]);
        var x = new Aligned<float>(structure.Columns);
        Samples.Floats(structure.Columns, 2).CopyTo(x.Span);
        var (initial, y) = (new Aligned<float>(WeightMatrix.Padded(matrix.Rows)), new Aligned<float>(WeightMatrix.Padded(matrix.Rows)));
        var scratch = new Aligned<float>(matrix.ScratchFloats(1));
        return () => matrix.Multiply(x.Pointer, initial.Pointer, y.Pointer, scratch.Pointer, backwards: false);
    }

    private static WeightMatrix Pack(MatrixStructure structure, Precision precision, Func<string, Tensor> tensor) => SimdLevels.Best switch
    {
        SimdLevel.V512 => WeightMatrices<V512>.Pack(structure, precision, tensor),
        SimdLevel.V256 => WeightMatrices<V256>.Pack(structure, precision, tensor),
        _ => WeightMatrices<V128>.Pack(structure, precision, tensor),
    };
}
