using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Bench;

/// <summary>hmd against pruning to the same stored bytes, indices and offsets included: what a byte of each buys in time.</summary>
internal static class EqualBytes
{
    public static IEnumerable<Comparison> Run() =>
        from shape in BenchShape.All
        from compression in (double[])[2, 4]
        from comparison in Compare(shape, compression)
        select comparison;

    private static IEnumerable<Comparison> Compare(BenchShape shape, double compression)
    {
        var hmd = shape.Model("hmd", compression);
        var pruned = hmd with { Layers = [.. hmd.Layers.Select(layer => new LayerStructure(layer.Direction, [.. layer.Cells.Select(Pruned)]))] };
        yield return Turns.Compare($"hmd-{compression}x-window", $"{shape}", "pruned of as many bytes", Runs.Window(shape, hmd), Runs.Window(shape, pruned));
        if (hmd.CanStream)
        {
            yield return Turns.Compare($"hmd-{compression}x-streaming", $"{shape}", "pruned of as many bytes", Runs.Step(shape, hmd), Runs.Step(shape, pruned));
        }
    }

    private static CellStructure Pruned(CellStructure cell) =>
        new(cell.Shape, Pruned(cell.Input), Pruned(cell.Recurrent), cell.Candidate is { } candidate ? Pruned(candidate) : null);

    // Values of four bytes, indices of two, offsets of four; never more than the other has.
    private static MatrixStructure Pruned(MatrixStructure matrix)
    {
        if (matrix is DenseStructure)
        {
            return matrix;
        }

        var empty = new PrunedStructure(matrix.Gates, matrix.Rows, matrix.Columns, 0);
        return empty with { NonZeros = (int)((Bytes(matrix) - Bytes(empty)) / (Bytes(empty with { NonZeros = 1 }) - Bytes(empty))) };
    }

    private static long Bytes(MatrixStructure matrix) => matrix.Tensors.Sum(spec => spec.Elements * spec.Type.Bytes());
}
