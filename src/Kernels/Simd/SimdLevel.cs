using System.Runtime.Intrinsics;

namespace Fleet.Kernels.Simd;

/// <summary>Width of the vectors that kernels work with. V128 is NEON on ARM64, SSE on x64; V256 is AVX2 and V512 AVX-512.</summary>
public enum SimdLevel
{
    Scalar,
    V128,
    V256,
    V512,
}

public static class SimdLevels
{
    /// <summary>The widest that this processor is good at.</summary>
    public static SimdLevel Best { get; } = Enum.GetValues<SimdLevel>().Where(IsSupported).Max();

    public static bool IsSupported(SimdLevel level) => level switch
    {
        SimdLevel.Scalar => true,
        SimdLevel.V128 => Vector128.IsHardwareAccelerated,
        SimdLevel.V256 => Vector256.IsHardwareAccelerated,
        SimdLevel.V512 => Vector512.IsHardwareAccelerated,
        _ => false,
    };
}
