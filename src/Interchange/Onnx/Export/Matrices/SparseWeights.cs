using System.Runtime.InteropServices;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>
/// ONNX has no product with a sparse matrix, so those are written out in full. A weight that is stored but zero is written as -0: it
/// counts the same, and can be told from one that is not stored.
/// </summary>
internal static class SparseWeights
{
    public static float Stored(float weight) => weight == 0 ? -0f : weight;

    public static bool IsStored(float weight) => BitConverter.SingleToUInt32Bits(weight) != 0;

    public static bool IsAnyStored(ReadOnlySpan<float> weights) => MemoryMarshal.Cast<float, uint>(weights).ContainsAnyExcept(0u);
}
