namespace Fleet.Kernels.Structures;

/// <summary>
/// Recurrent layers one upon the other, all of one kind and size, every cell compressed by the asked factor: see
/// <see cref="CellAllocator"/>. So the weights of all cells together never are more than their dense ones / CF either.
/// </summary>
public static class LayerAllocator
{
    /// <param name="lowest">The first layer's cell. A later one reads the outputs of the layer below: the hidden size, twice that of a bidirectional one.</param>
    /// <exception cref="CompressionRangeException">The factor cannot be reached in one of the layers; the message names the cell, and the least and the greatest possible.</exception>
    /// <exception cref="MethodArgumentException">An argument is unknown or out of range.</exception>
    public static IReadOnlyList<LayerStructure> Allocate(
        CellShape lowest, int layers, bool bidirectional, IWeightMethod method, double compression, IReadOnlyDictionary<string, string> arguments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        var all = new List<LayerStructure>();
        for (var layer = 0; layer < layers; layer++)
        {
            var shape = layer == 0 ? lowest : lowest with { Input = all[^1].Outputs };
            var cell = CellAllocator.Allocate(shape, method, compression, arguments);
            all.Add(bidirectional ? new LayerStructure(LayerDirection.Bidirectional, [cell, cell]) : new LayerStructure(cell));
        }

        return all;
    }
}
