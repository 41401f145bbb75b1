using CsCheck;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Tests.Support;

/// <summary>Model structures of every cell, method, direction, depth and head.</summary>
internal static class RandomStructure
{
    public static IReadOnlyList<string> Cells { get; } = ["lstm", "lstm-peepholes", "gru", "gru-reset-before", "rnn-tanh", "rnn-relu", "fastgrnn"];

    /// <summary>What a method is asked for so that even small matrices can have its form.</summary>
    public static IReadOnlyList<string> Methods { get; } = [.. WeightMethods.All.Select(method => method.Name)];

    /// <param name="streaming">Only what can be run a step at a time.</param>
    public static Gen<ModelStructure> Of(string cell, string method, bool streaming = false) =>
        from layers in Gen.Int[1, 3]
        from input in Gen.Int[2, 9]
        from hidden in Gen.Int[4, 12]
        from directions in (streaming ? Gen.Const(LayerDirection.Forward) : Gen.Enum<LayerDirection>()).Array[layers]
        from embedding in Gen.Bool
        from normalised in Gen.Bool
        from softmax in Gen.Bool
        from head in Gen.Enum<HeadKind>()
        select Create(
            cell, method, input, hidden, directions, embedding ? new EmbeddingStructure(11, input) : null, normalised && !embedding, Head(head, softmax));

    private static ModelStructure Create(
        string cell, string method, int input, int hidden, LayerDirection[] directions, EmbeddingStructure? embedding, bool normalised, HeadStructure head)
    {
        var layers = new List<LayerStructure>();
        foreach (var direction in directions)
        {
            var shape = Shape(cell, layers.Count == 0 ? input : layers[^1].Outputs, hidden);
            var structure = Cell(shape, method);
            layers.Add(new LayerStructure(direction, direction == LayerDirection.Bidirectional ? [structure, structure] : [structure]));
        }

        return new ModelStructure(embedding, normalised, layers, head);
    }

    public static CellShape Shape(string cell, int input, int hidden) => cell switch
    {
        "lstm-peepholes" => new CellShape(CellShape.Lstm, input, hidden) { Peepholes = true },
        "gru-reset-before" => new CellShape(CellShape.Gru, input, hidden) { ResetBefore = true },
        "rnn-relu" => new CellShape(CellShape.Rnn, input, hidden) { Relu = true },
        "rnn-tanh" => new CellShape(CellShape.Rnn, input, hidden),
        _ => new CellShape(cell, input, hidden),
    };

    // Each matrix in the middle of what its method can do.
    private static CellStructure Cell(CellShape shape, string method)
    {
        return new CellStructure(
            shape,
            Matrix(shape.Gates, shape.Input),
            Matrix(shape.RecurrentGates, shape.Hidden),
            shape.CandidateGates == 0 ? null : Matrix(shape.CandidateGates, shape.Hidden));

        MatrixStructure Matrix(int gates, int columns)
        {
            var known = WeightMethods.Find(method)!;
            var none = new Dictionary<string, string>();
            var (min, max) = known.Range(gates, shape.Hidden, columns, none);
            return known.Fit(gates, shape.Hidden, columns, (min + max) / 2, none) ?? known.Fit(gates, shape.Hidden, columns, max, none)!;
        }
    }

    private static HeadStructure Head(HeadKind kind, bool softmax) => kind switch
    {
        HeadKind.None => new HeadStructure(kind),
        HeadKind.Language => new HeadStructure(kind, 11, softmax),
        _ => new HeadStructure(kind, 5, softmax),
    };
}
