using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx.Graphs;

namespace Fleet.Interchange.Onnx.Import;

/// <summary>Questions about where atoms lie.</summary>
internal static class Rows
{
    /// <summary>Whether these are the elements of a source from one place on.</summary>
    public static bool IsRun(ReadOnlySpan<Atom> atoms, object source, int first)
    {
        for (var i = 0; i < atoms.Length; i++)
        {
            if (atoms[i].Index != first + i || !ReferenceEquals(atoms[i].Source, source))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What all atoms of an array come from; null if that is more than one thing, or nothing.</summary>
    public static object? SourceOf(NumericArray array) =>
        array.Data is Atom[] { Length: > 0 } atoms && Array.TrueForAll(atoms, atom => ReferenceEquals(atom.Source, atoms[0].Source)) ? atoms[0].Source : null;

    /// <summary>The same array, of another source with the same numbering.</summary>
    public static NumericArray Move(NumericArray array, Stage source) =>
        new(array.Shape, Array.ConvertAll((Atom[])array.Data, atom => new Atom(source, atom.Index)));

    /// <summary>What a constant holds for each feature, where it meets each of them with one value only; else null.</summary>
    /// <param name="width">Features; the last axis of the source's numbering.</param>
    public static float[]? OnePerFeature(NumericArray atoms, NumericArray constant, int width)
    {
        if (Broadcasting.Shape(Longs(atoms), Longs(constant)) is not { } shape || !shape.SequenceEqual(Longs(atoms)))
        {
            return null;
        }

        var from = Extents.Walk(atoms.Shape, Broadcasting.Strides(constant.Shape, atoms.Rank));
        var values = constant.ToFloats();
        var found = new float?[width];
        for (var i = 0; i < from.Length; i++)
        {
            var feature = ((Atom[])atoms.Data)[i].Index % width;
            if ((found[feature] ??= values[from[i]]) != values[from[i]])
            {
                return null;
            }
        }

        return Array.TrueForAll(found, value => value is not null) ? Array.ConvertAll(found, value => value!.Value) : null;
    }

    /// <summary>
    /// Whether the rows of an array are the outputs of the last layer at all steps (true), in whichever order, or the states that each
    /// sequence ends with, in order (false); null if they are neither.
    /// </summary>
    public static bool? Find(NumericArray array, ImportedLayer? layer, int width)
    {
        if (SourceOf(array) is not LayerStage stage || stage.Layer != layer || layer.Outputs != width || array.Rank == 0 || array.Shape[^1] != width)
        {
            return null;
        }

        var atoms = (Atom[])array.Data;
        if (atoms.Length == stage.Batch * width
            && Enumerable.Range(0, stage.Batch).All(sequence => IsLast(stage, atoms.AsSpan(sequence * width, width), sequence)))
        {
            return false;
        }

        var rows = atoms.Length / width;
        var starts = Enumerable.Range(0, rows)
            .Where(row => atoms[row * width].Index % width == 0 && IsRun(atoms.AsSpan(row * width, width), stage, atoms[row * width].Index))
                .Select(row => atoms[row * width].Index).ToHashSet();
        return rows == stage.Steps * stage.Batch && starts.Count == rows ? true : null;
    }

    /// <summary>Whether an array is a source of [steps, batch, width], whole and in this order or in that of [batch, steps, width].</summary>
    public static bool AreAll(NumericArray array, object source, int steps, int batch, int width)
    {
        var atoms = (Atom[])array.Data;
        return atoms.LongLength == (long)steps * batch * width && (Follow(row => row) || Follow(row => (row % steps * batch) + (row / steps)));

        bool Follow(Func<int, int> place) =>
            Enumerable.Range(0, steps * batch).All(row => IsRun(atoms.AsSpan(row * width, width), source, place(row) * width));
    }

    /// <summary>For each row of a step-wise array, which of [steps, batch] it is.</summary>
    public static int[] OrderOf(NumericArray array, int width) =>
        [.. Enumerable.Range(0, array.Data.Length / width).Select(row => ((Atom[])array.Data)[row * width].Index / width)];

    private static bool IsLast(LayerStage stage, ReadOnlySpan<Atom> row, int sequence)
    {
        for (var direction = 0; direction < stage.Layer.Directions.Count; direction++)
        {
            var part = row.Slice(direction * stage.Layer.Hidden, stage.Layer.Hidden);
            if (!IsRun(part, stage, stage.Place(stage.LastStep(direction), sequence, direction)))
            {
                return false;
            }
        }

        return true;
    }

    private static long[] Longs(NumericArray array) => [.. array.Shape.Select(extent => (long)extent)];
}
