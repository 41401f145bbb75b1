using Fleet.Interchange.Arrays;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>Operators that give the same elements another shape or order.</summary>
internal static class ShapeOperators
{
    public static NumericArray[] Transpose(NodeCall call)
    {
        var source = call.Input(0);
        var order = call.Ints("perm")?.Select(axis => call.Axis(axis, source.Rank)).ToArray() ?? [.. Enumerable.Range(0, source.Rank).Reverse()];
        if (order.Length != source.Rank || order.Distinct().Count() != order.Length)
        {
            throw call.Wrong($"perm {Extents.Text(order)} is no order of {source.Rank} axes.");
        }

        var strides = Extents.Strides(source.Shape);
        var shape = call.Result([.. order.Select(axis => (long)source.Shape[axis])]);
        return [source.Pick(shape, Extents.Walk(shape, [.. order.Select(axis => strides[axis])]))];
    }

    public static NumericArray[] Reshape(NodeCall call)
    {
        var source = call.Input(0);
        long[] wanted = [.. call.Integers(1)];
        for (var axis = 0; axis < wanted.Length; axis++)
        {
            if (wanted[axis] == 0 && call.Int("allowzero", 0) == 0)
            {
                wanted[axis] = axis < source.Rank
                    ? source.Shape[axis]
                    : throw call.Wrong($"axis {axis} is to stay as it is, but the array has {source.Rank} axes.");
            }
        }

        if (wanted.Count(extent => extent == -1) > 1)
        {
            throw call.Wrong("more than one extent is left open.");
        }

        if (Array.IndexOf(wanted, -1) is >= 0 and var open)
        {
            var others = Extents.Elements(wanted.Where(extent => extent != -1).Select(extent => Math.Max(extent, 0)).ToArray());
            wanted[open] = others == 0 ? 0 : source.Data.Length / others;
        }

        if (wanted.Any(extent => extent < 0) || Extents.Elements(wanted) != source.Data.Length)
        {
            throw call.Wrong($"{source.ShapeText} cannot be given the shape {Extents.Text(call.Integers(1))}.");
        }

        return [source.Reshape(call.Result(wanted))];
    }

    public static NumericArray[] Flatten(NodeCall call)
    {
        var source = call.Input(0);
        var axis = call.Int("axis", 1);
        var split = axis == source.Rank ? source.Rank : call.Axis(axis, source.Rank);
        var rows = Extents.Elements<int>([.. source.Shape.Take(split)]);
        var columns = Extents.Elements<int>([.. source.Shape.Skip(split)]);
        return [source.Reshape(call.Result(rows, columns))];
    }

    public static NumericArray[] Squeeze(NodeCall call)
    {
        var source = call.Input(0);
        var axes = Axes(call)?.Select(axis => call.Axis(axis, source.Rank)).ToHashSet()
            ?? [.. Enumerable.Range(0, source.Rank).Where(axis => source.Shape[axis] == 1)];
        if (axes.FirstOrDefault(axis => source.Shape[axis] != 1, -1) is >= 0 and var wide)
        {
            throw call.Wrong($"axis {wide} of {source.ShapeText} cannot go, for its extent is not 1.");
        }

        return [source.Reshape([.. source.Shape.Where((_, axis) => !axes.Contains(axis))])];
    }

    public static NumericArray[] Unsqueeze(NodeCall call)
    {
        var source = call.Input(0);
        var given = Axes(call) ?? throw call.Wrong("it does not say which axes to add.");
        var rank = source.Rank + given.Count;
        var axes = given.Select(axis => call.Axis(axis, rank)).ToHashSet();
        if (axes.Count != given.Count)
        {
            throw call.Wrong($"the axes {Extents.Text(given)} are not distinct.");
        }

        var shape = new int[rank];
        for (int axis = 0, next = 0; axis < rank; axis++)
        {
            shape[axis] = axes.Contains(axis) ? 1 : source.Shape[next++];
        }

        return [source.Reshape(shape)];
    }

    // An input since opset 13, an attribute before.
    private static IReadOnlyList<long>? Axes(NodeCall call) => call.OptionalIntegers(1) ?? call.Ints("axes");
}
