namespace Fleet.Kernels.Structures;

/// <summary>The cells that can be trained, by the names that recipes give them: kind and options in one word.</summary>
public static class CellNames
{
    public const string GruResetBefore = "gru-reset-before";
    public const string RnnRelu = "rnn-relu";

    public static IReadOnlyList<string> All { get; } =
        [CellShape.Lstm, CellShape.Gru, GruResetBefore, CellShape.Rnn, RnnRelu, CellShape.FastGrnn];

    /// <summary>What recipes call such a cell; null where it cannot be trained.</summary>
    public static string? NameOf(CellShape shape) =>
        All.FirstOrDefault(name => Shape(name, shape.Input, shape.Hidden) == shape);

    /// <exception cref="ArgumentException">No cell is called so; the message names those that are.</exception>
    public static CellShape Shape(string name, int input, int hidden) => name switch
    {
        GruResetBefore => new CellShape(CellShape.Gru, input, hidden) { ResetBefore = true },
        RnnRelu => new CellShape(CellShape.Rnn, input, hidden) { Relu = true },
        _ when All.Contains(name) => new CellShape(name, input, hidden),
        _ => throw new ArgumentException($"Cell '{name}' cannot be trained. Known cells: {string.Join(", ", All)}."),
    };
}
