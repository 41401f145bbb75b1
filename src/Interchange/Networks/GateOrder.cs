namespace Fleet.Interchange.Networks;

/// <summary>In which order a program stacks the gates of a cell. Fleet's own: see <see cref="Kernels.Structures.CellShape"/>.</summary>
internal static class GateOrder
{
    /// <summary>For each of Fleet's gates, which of the other program's it is.</summary>
    public static IReadOnlyList<int> OfOnnx(ImportedCell cell) => cell switch
    {
        // ONNX: input, output, forget, candidate; update, reset, candidate.
        ImportedCell.Lstm => [0, 2, 3, 1],
        ImportedCell.GruResetBefore or ImportedCell.GruResetAfter => [1, 0, 2],
        _ => [0],
    };

    /// <inheritdoc cref="OfOnnx"/>
    public static IReadOnlyList<int> OfPyTorch(ImportedCell cell) => cell switch
    {
        // PyTorch: input, forget, candidate, output; reset, update, candidate.
        ImportedCell.Lstm => [0, 1, 2, 3],
        ImportedCell.GruResetBefore or ImportedCell.GruResetAfter => [0, 1, 2],
        _ => [0],
    };

    /// <summary>ONNX: input, output, forget.</summary>
    public static IReadOnlyList<int> PeepholesOfOnnx { get; } = [0, 2, 1];

    /// <summary>Gates of another program's order in Fleet's.</summary>
    /// <param name="stacked">As many equal parts as there are gates. It is the result where the order is the same.</param>
    public static float[] Take(float[] stacked, IReadOnlyList<int> order) =>
        order.Index().All(pair => pair.Index == pair.Item) ? stacked : Take((ReadOnlySpan<float>)stacked, order);

    /// <inheritdoc cref="Take(float[], IReadOnlyList{int})"/>
    public static float[] Take(ReadOnlySpan<float> stacked, IReadOnlyList<int> order)
    {
        var part = stacked.Length / order.Count;
        var result = new float[stacked.Length];
        for (var gate = 0; gate < order.Count; gate++)
        {
            stacked.Slice(order[gate] * part, part).CopyTo(result.AsSpan(gate * part));
        }

        return result;
    }

    /// <summary>Gates of Fleet's order in another program's.</summary>
    /// <inheritdoc cref="Take(ReadOnlySpan{float}, IReadOnlyList{int})"/>
    public static float[] Give(ReadOnlySpan<float> stacked, IReadOnlyList<int> order) =>
        Take(stacked, [.. Enumerable.Range(0, order.Count).Select(theirs => order.Index().First(pair => pair.Item == theirs).Index)]);
}
