using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>What an LSTM, GRU or RNN node says of itself: its attributes and weights, checked.</summary>
/// <remarks>
/// Inputs: X, W[directions, gates * hidden, input], R[directions, gates * hidden, hidden], B[directions, 2 * gates * hidden],
/// sequence_lens[batch], initial_h[directions, batch, hidden]; of an LSTM also initial_c and P[directions, 3 * hidden].
/// With layout 1 the batch is the first axis of X, Y and the states.
/// </remarks>
internal sealed class RecurrentNode
{
    private const int X = 0;
    private const int W = 1;
    private const int R = 2;
    private const int B = 3;
    private const int Lengths = 4;
    private const int InitialH = 5;
    private const int InitialC = 6;
    private const int P = 7;

    private readonly NodeCall call;

    private RecurrentNode(NodeCall call, ImportedLayer layer, bool batchFirst)
    {
        this.call = call;
        Layer = layer;
        BatchFirst = batchFirst;
    }

    public ImportedLayer Layer { get; }

    public bool BatchFirst { get; }

    public bool HasLengths => call.Optional(Lengths) is not null;

    /// <summary>Steps of X.</summary>
    public int Steps => call.Input(X).Shape[BatchFirst ? 1 : 0];

    /// <summary>Sequences of X.</summary>
    public int Batch => call.Input(X).Shape[BatchFirst ? 0 : 1];

    /// <param name="known">The layer, where the same node's weights were taken before.</param>
    /// <exception cref="Kernels.Models.FileFormatException">An attribute or a shape is wrong, or not supported.</exception>
    public static RecurrentNode Of(NodeCall call, ImportedLayer? known = null)
    {
        var direction = call.Text("direction", "forward");
        var directions = direction switch
        {
            "forward" or "reverse" => 1,
            "bidirectional" => 2,
            _ => throw call.Wrong($"direction '{direction}' is unknown; forward, reverse and bidirectional are known."),
        };
        var cell = Cell(call, directions);
        var gates = GateOrder.OfOnnx(cell).Count;
        if (call.OptionalFloat("clip") is { } clip)
        {
            throw call.Unsupported($"clip ({clip}) is not supported.", "Export it without clip.");
        }

        var hidden = call.Input(R) is { Rank: 3 } recurrent
            ? recurrent.Shape[2]
            : throw call.Wrong($"R is {call.Input(R).ShapeText}, but must have three axes.");
        if (call.OptionalInt("hidden_size") is { } said && said != hidden)
        {
            throw call.Wrong($"hidden_size is {said}, but R is {call.Input(R).ShapeText}.");
        }

        var input = call.Input(W) is { Rank: 3 } weights ? weights.Shape[2] : throw call.Wrong($"W is {call.Input(W).ShapeText}, but must have three axes.");
        if (hidden < 1 || input < 1)
        {
            throw call.Wrong("it has no hidden units, or no input.");
        }

        var layout = call.Int("layout", 0);
        if (layout is not (0 or 1))
        {
            throw call.Wrong($"layout is {layout}, but must be 0 or 1.");
        }

        if (call.Input(X) is not { Rank: 3 } x || x.Shape[2] != input)
        {
            throw call.Wrong($"X is {call.Input(X).ShapeText}, but must have three axes, the last of {input}.");
        }

        if (known is not null)
        {
            return new RecurrentNode(call, known, layout == 1);
        }

        var parts = Enumerable.Range(0, directions).Select(at => Direction(call, cell, at, directions, gates * hidden, input, hidden)).ToArray();
        return new RecurrentNode(call, new ImportedLayer(cell, input, hidden, parts, direction == "reverse"), layout == 1);
    }

    /// <summary>The steps that each sequence has.</summary>
    public int[] SequenceLengths()
    {
        if (!HasLengths)
        {
            return [.. Enumerable.Repeat(Steps, Batch)];
        }

        var lengths = call.Integers(Lengths);
        return lengths.Length == Batch && lengths.All(length => length >= 0 && length <= Steps)
            ? Array.ConvertAll(lengths, length => (int)length)
            : throw call.Wrong($"sequence_lens is {Extents.Text(lengths)}; {Batch} lengths from 0 to {Steps} are expected.");
    }

    /// <summary>The state h before the first step, [directions, batch, hidden]; null where it is zero.</summary>
    public float[]? InitialHidden() => State(InitialH, "initial_h");

    /// <summary>The state c before the first step, [directions, batch, hidden]; null where it is zero.</summary>
    public float[]? InitialMemory() => Layer.Cell == ImportedCell.Lstm ? State(InitialC, "initial_c") : null;

    private float[]? State(int index, string name)
    {
        if (call.Optional(index) is not { } state)
        {
            return null;
        }

        var (directions, hidden) = (Layer.Directions.Count, Layer.Hidden);
        int[] expected = BatchFirst ? [Batch, directions, hidden] : [directions, Batch, hidden];
        if (!state.Shape.SequenceEqual(expected))
        {
            throw call.Wrong($"{name} is {state.ShapeText}, but must be {Extents.Text(expected)}.");
        }

        var values = call.Floats(index);
        return !BatchFirst ? values
            : (float[])new NumericArray([values.Length], values)
                .Pick([directions, Batch, hidden], Extents.Walk([directions, Batch, hidden], [hidden, directions * hidden, 1])).Data;
    }

    private static ImportedDirection Direction(NodeCall call, ImportedCell cell, int at, int directions, int rows, int input, int hidden)
    {
        var order = GateOrder.OfOnnx(cell);
        var (w, r, b) = (Part(call, W, "W", directions, rows, input), Part(call, R, "R", directions, rows, hidden), Part(call, B, "B", directions, 2 * rows));
        var plain = cell == ImportedCell.GruResetBefore ? order.Count - 1 : order.Count;
        return new ImportedDirection(
            Gates(w!, at * rows * input, hidden * input, order),
            Gates(r!, at * rows * hidden, hidden * hidden, [.. order.Take(plain)]),
            b is null ? new float[rows] : Gates(b, 2 * at * rows, hidden, order),
            b is null ? new float[rows] : Gates(b, ((2 * at) + 1) * rows, hidden, order),
            plain < order.Count ? Gates(r!, at * rows * hidden, hidden * hidden, [.. order.Skip(plain)]) : null,
            cell == ImportedCell.Lstm && Part(call, P, "P", directions, 3 * hidden) is { } peepholes
                ? Gates(peepholes, at * 3 * hidden, hidden, GateOrder.PeepholesOfOnnx)
                : null);
    }

    // An operand that has this shape for each direction; null where an optional one is not given.
    private static NumericArray? Part(NodeCall call, int index, string name, int directions, params ReadOnlySpan<int> shape)
    {
        if (index >= B && call.Optional(index) is null)
        {
            return null;
        }

        int[] expected = [directions, .. shape];
        return call.Input(index).Shape.SequenceEqual(expected)
            ? call.Constant(index)
            : throw call.Wrong($"{name} is {call.Input(index).ShapeText}, but must be {Extents.Text(expected)}.");
    }

    // Straight into what is kept: nothing is converted or copied on the way.
    private static float[] Gates(NumericArray stacked, int start, int gateLength, IReadOnlyList<int> order)
    {
        var gates = new float[order.Count * gateLength];
        for (var gate = 0; gate < order.Count; gate++)
        {
            stacked.CopyFloats(start + (order[gate] * gateLength), gates.AsSpan(gate * gateLength, gateLength));
        }

        return gates;
    }

    private static ImportedCell Cell(NodeCall call, int directions)
    {
        string[] usual = call.Operator switch
        {
            "LSTM" => ["Sigmoid", "Tanh", "Tanh"],
            "GRU" => ["Sigmoid", "Tanh"],
            _ => ["Tanh"],
        };
        var given = call.Texts("activations") is { Count: > 0 } told ? told : [.. Enumerable.Repeat(usual, directions).SelectMany(one => one)];
        if (given.Count != usual.Length * directions)
        {
            throw call.Wrong($"it names {given.Count} activations; {usual.Length * directions} are expected.");
        }

        if (call.Operator == "RNN" && given.All(name => Same(name, "Relu")))
        {
            return ImportedCell.RnnRelu;
        }

        if (given.Where((name, at) => !Same(name, usual[at % usual.Length])).FirstOrDefault() is { } other)
        {
            throw call.Unsupported(
                $"activation {other} is not supported there.",
                $"{call.Operator} is supported with {string.Join(", ", usual)}{(call.Operator == "RNN" ? ", or Relu (in both directions)" : "")}.");
        }

        if (call.Operator == "LSTM")
        {
            return call.Int("input_forget", 0) == 0 ? ImportedCell.Lstm : throw call.Unsupported("input_forget (one gate for both) is not supported.");
        }

        return call.Operator == "RNN" ? ImportedCell.RnnTanh
            : call.Int("linear_before_reset", 0) != 0 ? ImportedCell.GruResetAfter : ImportedCell.GruResetBefore;
    }

    private static bool Same(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
