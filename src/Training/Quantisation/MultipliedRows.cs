using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Training.Quantisation;

/// <summary>How the elements of a tensor of weights form rows, each with a scale in int8, and what these are multiplied with.</summary>
/// <param name="Of">The row of an element.</param>
/// <param name="Column">What an element is multiplied with.</param>
/// <param name="Moments">Of equal parts of the rows, one behind the other.</param>
internal sealed record MultipliedRows(int Count, Func<int, int> Of, Func<int, int> Column, IReadOnlyList<SecondMoments> Moments)
{
    /// <summary>Rows without gaps, one behind the other.</summary>
    public static MultipliedRows Whole(int count, params IReadOnlyList<SecondMoments> moments)
    {
        var length = moments[0].Columns;
        return new MultipliedRows(count, element => element / length, element => element % length, moments);
    }

    /// <summary>The values of a sparse matrix, which has the column of each <paramref name="height"/> of them.</summary>
    public static MultipliedRows Sparse(MatrixStructure matrix, int height, Func<string, Tensor> tensor, SecondMoments x)
    {
        var values = matrix.Tensors[0];
        var columns = tensor("columns").Words16.ToArray();
        var scales = matrix.ScaleShape(values).Aggregate(1, (product, extent) => product * extent);
        return new MultipliedRows(scales, matrix.ScaleIndex(values, tensor), element => columns[element / height], [x]);
    }
}
