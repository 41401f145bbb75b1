using Fleet.Kernels.Models;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Matrices;

/// <summary>The packed form of each structure.</summary>
internal static class WeightMatrices<V>
    where V : unmanaged, IVector<V>
{
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    public static WeightMatrix Pack(MatrixStructure structure, Func<string, Tensor> tensor) => structure switch
    {
        DenseStructure dense => new DenseMatrix<V>(dense.Gates, dense.Rows, dense.Columns, tensor("weight").Floats),
        HmdStructure hmd => new HmdMatrix<V>(hmd, tensor("rich").Floats, tensor("b").Floats, tensor("c").Floats),
        LmfStructure lmf => new LmfMatrix<V>(lmf, tensor("u").Floats, tensor("v").Floats),
        PrunedStructure pruned when V.Lanes == 1 => Pruned<ScalarVector>(pruned, tensor),
        PrunedStructure pruned => Pruned<V128>(pruned, tensor),
        _ => throw new NotSupportedException($"No kernel runs {structure.Method}."),
    };

    // Where each lane is loaded by itself, a wider vector gains nothing.
    private static PrunedMatrix<T, V> Pruned<T>(PrunedStructure structure, Func<string, Tensor> tensor)
        where T : unmanaged, IVector<T>, IGather<T> =>
        new(structure, tensor("values").Floats, tensor("columns").Words16, tensor("row_offsets").Words32, V.Lanes);
}
