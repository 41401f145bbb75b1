using System.Runtime.InteropServices;
using Fleet.Interchange.Arrays;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>
/// ONNX has no product with a sparse matrix, so those are written out in full. What is stored although it is zero is told from what is
/// not stored by a -0 in its place, which counts the same; in int8, which has none, by flags beside the weights that no node reads.
/// </summary>
internal static class SparseWeights
{
    private const string Suffix = "_stored";

    public static float Stored(float weight) => weight == 0 ? -0f : weight;

    /// <summary>In int8, adds the flags of a constant [columns, rows].</summary>
    public static void Flag(GraphWriter graph, string name, int rows, int columns, Func<byte[]> flags)
    {
        if (graph.Precision == Precision.Int8)
        {
            graph.Flags(name + Suffix, [columns, rows], flags);
        }
    }

    /// <summary>For each element of a constant whether it is stored.</summary>
    public static bool[] Flags<T>(Func<string, NumericArray> constant, string name, T[] full)
        where T : unmanaged
    {
        var flags = full is float[] floats
            ? Array.ConvertAll(MemoryMarshal.Cast<float, uint>(floats).ToArray(), bits => bits != 0)
            : constant(name + Suffix).Data is byte[] told ? Array.ConvertAll(told, flag => flag != 0) : [];
        return flags.Length == full.Length ? flags : throw new InvalidOperationException($"The flags of '{name}' are not as many as its weights.");
    }
}
