using System.Numerics;
using System.Runtime.InteropServices;

namespace Fleet.Kernels.Models;

internal static class Finiteness
{
    // All bits of the exponent set: an infinity or NaN.
    private const uint Exponent = 0x7F80_0000;

    /// <summary>Index of the first NaN or infinity, or -1.</summary>
    public static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values);
        var mask = new Vector<uint>(Exponent);
        var index = 0;
        for (; index <= bits.Length - Vector<uint>.Count; index += Vector<uint>.Count)
        {
            if (Vector.EqualsAny(new Vector<uint>(bits[index..]) & mask, mask))
            {
                break;
            }
        }

        for (; index < bits.Length; index++)
        {
            if ((bits[index] & Exponent) == Exponent)
            {
                return index;
            }
        }

        return -1;
    }
}
