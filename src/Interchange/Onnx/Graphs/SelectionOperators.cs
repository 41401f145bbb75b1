using Fleet.Interchange.Arrays;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>Operators that take some of the elements, or some of them several times.</summary>
internal static class SelectionOperators
{
    public static NumericArray[] Gather(NodeCall call)
    {
        var source = call.Input(0);
        var axis = call.Axis(call.Int("axis", 0), source.Rank);
        var places = call.Integers(1);
        var extent = source.Shape[axis];
        if (places.FirstOrDefault(place => place < -extent || place >= extent, 0) is not 0 and var beyond)
        {
            throw call.Wrong($"index {beyond} is beyond axis {axis} of {source.ShapeText}.");
        }

        if (extent == 0 && places.Length > 0)
        {
            throw call.Wrong($"axis {axis} of {source.ShapeText} has nothing to take.");
        }

        var before = source.Shape.Take(axis).ToArray();
        var after = source.Shape.Skip(axis + 1).ToArray();
        int[] result = call.Result([.. before.Concat(call.Input(1).Shape).Concat(after).Select(one => (long)one)]);
        var strides = Extents.Strides(source.Shape);
        int[] from = Extents.Elements(result) == 0 ? [] :
        [
            .. from start in Extents.Walk(before, strides[..axis])
               from place in places
               from offset in Extents.Walk(after, strides[(axis + 1)..])
               select start + ((int)(place < 0 ? place + extent : place) * strides[axis]) + offset,
        ];
        return [source.Pick(result, from)];
    }

    public static NumericArray[] Slice(NodeCall call)
    {
        var source = call.Input(0);
        // Inputs since opset 10, attributes before.
        IReadOnlyList<long> starts = call.OptionalIntegers(1) ?? call.Ints("starts") ?? throw call.Wrong("it does not say where to start.");
        IReadOnlyList<long> ends = call.OptionalIntegers(2) ?? call.Ints("ends") ?? throw call.Wrong("it does not say where to end.");
        IReadOnlyList<long> axes = call.OptionalIntegers(3) ?? call.Ints("axes") ?? [.. Enumerable.Range(0, starts.Count).Select(axis => (long)axis)];
        IReadOnlyList<long> steps = call.OptionalIntegers(4) ?? [.. Enumerable.Repeat(1L, starts.Count)];
        var count = starts.Count;
        if (ends.Count != count || axes.Count != count || steps.Count != count)
        {
            throw call.Wrong("starts, ends, axes and steps are not as many.");
        }

        var strides = Extents.Strides(source.Shape);
        var shape = source.Shape.Select(extent => (long)extent).ToArray();
        var first = 0;
        var done = new HashSet<int>();
        for (var i = 0; i < starts.Count; i++)
        {
            var axis = call.Axis(axes[i], source.Rank);
            if (!done.Add(axis) || steps[i] == 0)
            {
                throw call.Wrong($"axis {axis} is cut twice, or in steps of 0.");
            }

            var (start, taken) = Range(starts[i], ends[i], steps[i], source.Shape[axis]);
            shape[axis] = taken;
            first += (int)(start * strides[axis]);
            strides[axis] = taken > 1 ? (int)(strides[axis] * steps[i]) : 0;
        }

        var result = call.Result(shape);
        return [source.Pick(result, Extents.Walk(result, strides, first))];
    }

    public static NumericArray[] Concat(NodeCall call)
    {
        var parts = Enumerable.Range(0, call.InputCount).Select(call.Input).ToArray();
        if (parts.Length == 0)
        {
            throw call.Wrong("it has no inputs.");
        }

        var axis = call.Axis(call.Int("axis", 0), parts[0].Rank);
        if (parts.Any(part => part.Rank != parts[0].Rank || part.Data.GetType() != parts[0].Data.GetType()
            || part.Shape.Where((extent, at) => at != axis && extent != parts[0].Shape[at]).Any()))
        {
            throw call.Wrong($"{string.Join(", ", parts.Select(part => part.ShapeText))} cannot be put together along axis {axis}, or are of different types.");
        }

        var shape = parts[0].Shape.Select(extent => (long)extent).ToArray();
        shape[axis] = parts.Sum(part => (long)part.Shape[axis]);
        var result = call.Result(shape);
        // One array behind the other, then picked into place.
        var all = Array.CreateInstanceFromArrayType(parts[0].Data.GetType(), parts.Sum(part => part.Data.Length));
        var starts = new int[parts.Length];
        for (int part = 0, at = 0; part < parts.Length; at += parts[part++].Data.Length)
        {
            starts[part] = at;
            parts[part].Data.CopyTo(all, at);
        }

        var outer = parts[0].Shape.Take(axis).Aggregate(1, (product, extent) => product * extent);
        int[] from = all.Length == 0 ? [] :
        [
            .. from row in Enumerable.Range(0, outer)
               from part in Enumerable.Range(0, parts.Length)
               let length = parts[part].Data.Length / outer
               from offset in Enumerable.Range(0, length)
               select starts[part] + (row * length) + offset,
        ];
        return [new NumericArray([all.Length], all).Pick(result, from)];
    }

    public static NumericArray[] Expand(NodeCall call)
    {
        var source = call.Input(0);
        var shape = Broadcasting.Shape([.. source.Shape.Select(extent => (long)extent)], call.Integers(1))
            ?? throw call.Wrong($"{source.ShapeText} cannot be spread over {Extents.Text(call.Integers(1))}.");
        var result = call.Result(shape);
        return [source.Pick(result, Extents.Walk(result, Broadcasting.Strides(source.Shape, result.Length)))];
    }

    private static (long Start, long Count) Range(long start, long end, long step, int extent)
    {
        start = Math.Clamp(start < 0 ? start + extent : start, step < 0 ? -1 : 0, step < 0 ? extent - 1 : extent);
        end = Math.Clamp(end < 0 ? Math.Max(end, -extent - 1L) + extent : end, step < 0 ? -1 : 0, step < 0 ? extent - 1 : extent);
        var span = step > 0 ? end - start : start - end;
        // Saturated: a step beyond the extent is one step.
        var stride = step == long.MinValue ? long.MaxValue : Math.Abs(step);
        return span <= 0 ? (0, 0) : (start, ((span - 1) / stride) + 1);
    }
}
