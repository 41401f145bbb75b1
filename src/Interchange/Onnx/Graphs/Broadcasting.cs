namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>How arrays of different shapes meet: aligned at the last axis, an extent of 1 is repeated.</summary>
internal static class Broadcasting
{
    /// <summary>The common shape, or null if there is none.</summary>
    public static long[]? Shape(IReadOnlyList<long> left, IReadOnlyList<long> right)
    {
        var shape = new long[Math.Max(left.Count, right.Count)];
        for (var back = 1; back <= shape.Length; back++)
        {
            var one = back <= left.Count ? left[^back] : 1;
            var other = back <= right.Count ? right[^back] : 1;
            if (one != other && one != 1 && other != 1)
            {
                return null;
            }

            shape[^back] = one == 1 ? other : one;
        }

        return shape;
    }

    /// <summary>Strides of an array of <paramref name="shape"/> seen as one of <paramref name="rank"/> axes that it is repeated over.</summary>
    public static int[] Strides(IReadOnlyList<int> shape, int rank)
    {
        var own = Arrays.Extents.Strides(shape);
        var strides = new int[rank];
        for (var back = 1; back <= shape.Count; back++)
        {
            strides[^back] = shape[^back] == 1 ? 0 : own[^back];
        }

        return strides;
    }
}
