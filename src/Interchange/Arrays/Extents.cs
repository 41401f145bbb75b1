namespace Fleet.Interchange.Arrays;

/// <summary>Arithmetic on shapes.</summary>
internal static class Extents
{
    /// <summary>How many elements a shape holds; <see cref="long.MaxValue"/> where that is beyond all that can be held.</summary>
    /// <exception cref="ArgumentException">An extent is negative.</exception>
    public static long Elements<T>(IReadOnlyList<T> shape)
        where T : System.Numerics.IBinaryInteger<T>
    {
        var product = 1L;
        var beyond = false;
        foreach (var extent in shape)
        {
            var one = long.CreateSaturating(extent);
            if (one < 0)
            {
                throw new ArgumentException($"The shape {Text(shape)} has a negative extent.");
            }

            if (one == 0)
            {
                return 0;
            }

            beyond |= product > long.MaxValue / one;
            product = beyond ? 1 : product * one;
        }

        return beyond ? long.MaxValue : product;
    }

    /// <summary>As <see cref="Elements"/>, but an extent of 0 counts as 1: what a loop over any of the axes may take.</summary>
    public static long Room<T>(IReadOnlyList<T> shape)
        where T : System.Numerics.IBinaryInteger<T> => Elements<T>([.. shape.Select(extent => T.IsZero(extent) ? T.One : extent)]);

    public static string Text<T>(IReadOnlyList<T> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>How far apart the neighbours along each axis are in row-major order.</summary>
    public static int[] Strides(IReadOnlyList<int> shape)
    {
        var strides = new int[shape.Count];
        var stride = 1;
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>
    /// For each element of <paramref name="shape"/> in row-major order, the sum over the axes of index times stride, from <paramref name="start"/>.
    /// </summary>
    public static int[] Walk(IReadOnlyList<int> shape, IReadOnlyList<int> strides, int start = 0)
    {
        var places = new int[Elements(shape)];
        var index = new int[shape.Count];
        var place = start;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = place;
            for (var axis = shape.Count - 1; axis >= 0; axis--)
            {
                place += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                place -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return places;
    }
}
