using System.Globalization;
using Fleet.Kernels.Models;

namespace Fleet.Kernels.Structures;

/// <summary>Unstructured sparsity: <paramref name="NonZeros"/> weights anywhere, stored as compressed sparse rows with 16-bit column indices.</summary>
/// <remarks>Source of the training schedule: Zhu and Gupta 2017.</remarks>
public sealed record PrunedStructure(int Gates, int Rows, int Columns, int NonZeros) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "pruned";

    public override string Method => Name;

    public override long Parameters => NonZeros;

    public override long Macs => NonZeros;

    /// <summary>values[nnz]; columns[nnz], ascending within a row; row_offsets[gates * rows + 1], from 0 to nnz.</summary>
    public override IReadOnlyList<TensorSpec> Tensors =>
    [
        new("values", ElementType.F32, NonZeros),
        new("columns", ElementType.U16, NonZeros),
        new("row_offsets", ElementType.U32, (Gates * Rows) + 1),
    ];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>
    {
        ["non_zeros"] = NonZeros.ToString(CultureInfo.InvariantCulture),
        ["sparsity"] = (1 - ((double)NonZeros / ((long)Gates * Rows * Columns))).ToString("0.####", CultureInfo.InvariantCulture),
    };

    public override TensorFault? FindFault(Func<string, Tensor> tensor)
    {
        var offsets = tensor("row_offsets").Words32;
        var columns = tensor("columns").Words16;
        if (offsets[0] != 0 || offsets[^1] != (uint)NonZeros)
        {
            return new("row_offsets", $"they go from {offsets[0]} to {offsets[^1]}, not from 0 to {NonZeros}.");
        }

        for (var row = 0; row < offsets.Length - 1; row++)
        {
            var (begin, end) = (offsets[row], offsets[row + 1]);
            if (end < begin || end > (uint)NonZeros)
            {
                return new("row_offsets", $"row {row} goes from {begin} to {end}.");
            }

            for (var index = (int)begin; index < (int)end; index++)
            {
                if (columns[index] >= Columns)
                {
                    return new("columns", $"element {index} is {columns[index]}, but the matrix has {Columns} columns.");
                }

                if (index > (int)begin && columns[index] <= columns[index - 1])
                {
                    return new("columns", $"the columns of row {row} do not ascend: {columns[index]} follows {columns[index - 1]} at element {index}.");
                }
            }
        }

        return null;
    }
}
