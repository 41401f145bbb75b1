using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Matrices;

internal static class PackedAtLevel
{
    /// <summary>What a model with vectors of this width makes of a matrix.</summary>
    public static WeightMatrix Pack(MatrixStructure structure, Precision precision, SimdLevel level, Func<string, Tensor> tensor) => level switch
    {
        SimdLevel.Scalar => WeightMatrices<ScalarVector>.Pack(structure, precision, tensor),
        SimdLevel.V128 => WeightMatrices<V128>.Pack(structure, precision, tensor),
        SimdLevel.V256 => WeightMatrices<V256>.Pack(structure, precision, tensor),
        _ => WeightMatrices<V512>.Pack(structure, precision, tensor),
    };
}
