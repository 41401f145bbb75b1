namespace Fleet.Kernels.Methods.Hmd;

/// <summary>What one product of an hmd matrix multiplies: the rich rows of all gates, and below them every c, zero outside its block.</summary>
internal static class HmdStack
{
    public static int Rows(HmdStructure structure) => structure.Gates * (structure.Rich + structure.Blocks);

    /// <param name="richRows">[gates * r, columns]</param>
    /// <param name="cs">[gates, columns]</param>
    /// <returns>[<see cref="Rows"/>, columns]</returns>
    public static T[] Weights<T>(HmdStructure structure, ReadOnlySpan<T> richRows, ReadOnlySpan<T> cs)
    {
        var (gates, columns, blocks) = (structure.Gates, structure.Columns, structure.Blocks);
        var stack = new T[Rows(structure) * columns];
        richRows.CopyTo(stack);
        for (var gate = 0; gate < gates; gate++)
        {
            for (var block = 0; block < blocks; block++)
            {
                var start = HmdStructure.BlockStart(columns, blocks, block);
                var end = HmdStructure.BlockStart(columns, blocks, block + 1);
                var row = (gates * structure.Rich) + (gate * blocks) + block;
                cs[((gate * columns) + start)..((gate * columns) + end)].CopyTo(stack.AsSpan((row * columns) + start));
            }
        }

        return stack;
    }

    /// <summary>The scales of the same rows: of rich rows their own, of each c that of its gate.</summary>
    public static float[] Scales(HmdStructure structure, ReadOnlySpan<float> richScales, ReadOnlySpan<float> cScales)
    {
        var scales = new float[Rows(structure)];
        richScales.CopyTo(scales);
        for (var row = richScales.Length; row < scales.Length; row++)
        {
            scales[row] = cScales[(row - richScales.Length) / structure.Blocks];
        }

        return scales;
    }
}
