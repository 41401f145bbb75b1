using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Methods;

/// <summary>
/// Recurrent layers one upon the other, all of one kind and size, every cell compressed by the asked factor: see
/// <see cref="CellAllocator"/>. So the weights of all cells together never are more than their dense ones / CF either. Of method
/// small, all layers have as many units as fit into dense / CF together.
/// </summary>
public static class LayerAllocator
{
    private static readonly Dictionary<string, string> None = [];
    private static readonly DenseMethod DenseMethod = new();

    /// <param name="lowest">
    /// The first layer's cell. A later one reads the outputs of the layer below: the hidden size, twice that of a bidirectional one.
    /// </param>
    /// <exception cref="CompressionRangeException">
    /// The factor cannot be reached in one of the layers; the message names the cell, and the least and the greatest possible.
    /// </exception>
    /// <exception cref="MethodArgumentException">An argument is unknown or out of range.</exception>
    public static IReadOnlyList<LayerStructure> Allocate(
        CellShape lowest, int layers, bool bidirectional, ICellMethod method, double compression, IReadOnlyDictionary<string, string> arguments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (method is SmallMethod && layers > 1)
        {
            return Small(lowest, layers, bidirectional, compression, arguments);
        }

        var all = new List<LayerStructure>();
        for (var layer = 0; layer < layers; layer++)
        {
            var shape = layer == 0 ? lowest : lowest with { Input = all[^1].Outputs };
            var cell = CellAllocator.Allocate(shape, method, compression, arguments);
            all.Add(bidirectional ? new LayerStructure(LayerDirection.Bidirectional, [cell, cell]) : new LayerStructure(cell));
        }

        return all;
    }

    /// <summary>The same layers with all their weights: what compression is counted against.</summary>
    public static IReadOnlyList<LayerStructure> Dense(CellShape lowest, int layers, bool bidirectional) =>
        Allocate(lowest, layers, bidirectional, DenseMethod, 1, None);

    private static IReadOnlyList<LayerStructure> Small(
        CellShape lowest, int layers, bool bidirectional, double compression, IReadOnlyDictionary<string, string> arguments)
    {
        // Its complaints are the same for any number of layers.
        CellAllocator.Range(lowest, new SmallMethod(), arguments);
        var greatest = (double)Weights(lowest.Hidden) / Weights(1);
        var hidden = compression >= 1 ? SmallMethod.Hidden(lowest.Hidden, (long)Math.Floor(Weights(lowest.Hidden) / compression), Weights) : 0;
        return hidden > 0
            ? Dense(lowest with { Hidden = hidden }, layers, bidirectional)
            : throw new CompressionRangeException(SmallMethod.MethodName, lowest, compression, 1, greatest);

        long Weights(int units) => Dense(lowest with { Hidden = units }, layers, bidirectional).Sum(layer => layer.Parameters);
    }
}
