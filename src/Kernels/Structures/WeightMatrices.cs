using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Structures;

/// <summary>The packed form of each structure in each precision, for cells that work with vectors <typeparamref name="V"/>.</summary>
internal static class WeightMatrices<V>
    where V : unmanaged, IVector<V>
{
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    public static WeightMatrix Pack(MatrixStructure structure, Precision precision, Func<string, Tensor> tensor) =>
        precision == Precision.Fp32 ? structure.Pack<V>(tensor) : PackInt8(structure, new Int8Tensors(tensor));

    // With the best instructions of this processor that are no wider than V.
    private static WeightMatrix PackInt8(MatrixStructure structure, Int8Tensors tensors) => V.Lanes switch
    {
        1 => structure.PackInt8<V, ScalarDot>(tensors),
        4 when Dp.IsSupported => structure.PackInt8<V, NeonDot128>(tensors),
        4 when AvxVnni.IsSupported => structure.PackInt8<V, VnniDot128>(tensors),
        4 => structure.PackInt8<V, Dot128>(tensors),
        _ when AvxVnni.IsSupported => structure.PackInt8<V, VnniDot256>(tensors),
        16 when Avx512BW.IsSupported => structure.PackInt8<V, Dot512>(tensors),
        _ when Avx2.IsSupported => structure.PackInt8<V, Dot256>(tensors),
        _ => structure.PackInt8<V, Dot128>(tensors),
    };
}
