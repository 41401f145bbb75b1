using Fleet.Kernels.Structures;

namespace Fleet.Grains.Campaigns.Files;

/// <summary>What <c>model</c> says: the recurrent layers that all variants of a campaign have.</summary>
/// <param name="Cell">One of <see cref="CellNames.All"/>.</param>
/// <param name="Embedding">Width of the embedding of a task of tokens; null: as many as <paramref name="Hidden"/>.</param>
internal sealed record ModelSection(string Cell, int Hidden, int Layers, bool Bidirectional, int? Embedding)
{
    /// <summary>The layers under a method.</summary>
    /// <param name="input">Features a step.</param>
    /// <inheritdoc cref="LayerAllocator.Allocate"/>
    public IReadOnlyList<LayerStructure> Allocate(int input, ICellMethod method, double compression, IReadOnlyDictionary<string, string> arguments) =>
        LayerAllocator.Allocate(CellNames.Shape(Cell, input, Hidden), Layers, Bidirectional, method, compression, arguments);
}
