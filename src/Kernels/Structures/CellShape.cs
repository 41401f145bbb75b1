namespace Fleet.Kernels.Structures;

/// <summary>A recurrent cell's kind, size and options. Gates are stacked in the order that each kind's constant names.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Input">Features a step, I.</param>
/// <param name="Hidden">Hidden units, H.</param>
public sealed record CellShape(string Kind, int Input, int Hidden)
{
    /// <summary>Gates i, f, g, o: c = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c).</summary>
    public const string Lstm = "lstm";

    /// <summary>
    /// Gates r, z, n: h = (1 - z) n + z h, with r and z through the logistic function and n = tanh(W_n x + b_n + r (U_n h + b_hn)),
    /// or, where <see cref="ResetBefore"/>, n = tanh(W_n x + b_n + U_n (r h)).
    /// </summary>
    public const string Gru = "gru";

    /// <summary>h = tanh(W x + U h + b), or max(0, ...) where <see cref="Relu"/>.</summary>
    public const string Rnn = "rnn";

    /// <summary>
    /// s = W x + U h; z = sigmoid(s + b_z); h = (zeta (1 - z) + nu) tanh(s + b_h) + z h. Source: Kusupati et al. 2018.
    /// </summary>
    public const string FastGrnn = "fastgrnn";

    public static IReadOnlyList<string> Kinds { get; } = [Lstm, Gru, Rnn, FastGrnn];

    /// <summary>GRU only: the reset gate is applied to the state before the recurrent product instead of after it.</summary>
    public bool ResetBefore { get; init; }

    /// <summary>RNN only: max(0, x) in place of tanh.</summary>
    public bool Relu { get; init; }

    /// <summary>LSTM only: gates i and f see the memory before the step, o the memory after it, each through a weight a unit.</summary>
    public bool Peepholes { get; init; }

    public int Gates => Kind switch
    {
        Lstm => 4,
        Gru => 3,
        Rnn or FastGrnn => 1,
        _ => throw new NotSupportedException($"Unknown cell '{Kind}'. Known cells: {string.Join(", ", Kinds)}."),
    };

    /// <summary>Gates of the matrix that multiplies the state as it was before the step.</summary>
    public int RecurrentGates => ResetBefore ? 2 : Gates;

    /// <summary>Gates of the matrix that multiplies the state after the reset gate: one where <see cref="ResetBefore"/>, else none.</summary>
    public int CandidateGates => Gates - RecurrentGates;

    /// <summary>Whether the cell keeps a memory beside its output.</summary>
    public bool HasMemory => Kind == Lstm;

    /// <summary>Weights of the dense cell, biases left out: gates H (I + H).</summary>
    public long DenseParameters => (long)Gates * Hidden * (Input + Hidden);
}
