namespace Fleet.Tasks.Metrics;

/// <summary>Mean cross-entropy of the next token, in nats a token, with its 95 % interval by batch means.</summary>
/// <remarks>
/// Tokens of a text are not independent: neighbours are hard together. So the stream is cut into <see cref="Blocks"/> contiguous
/// blocks of equal length (give or take a token), and the interval is mean +- t(0.975, blocks - 1) s / sqrt(blocks) of the blocks'
/// means, which are nearly independent where a block is much longer than what its tokens have to do with each other. Source: method
/// of batch means, Schmeiser, Operations Research 30 (1982), who finds 10 to 30 batches enough.
/// </remarks>
/// <param name="Value">-1/n sum ln p(token).</param>
/// <param name="Low">Null where there are fewer tokens than blocks.</param>
/// <param name="High">The same.</param>
/// <param name="Tokens">n, tokens that were predicted.</param>
public sealed record MeanNats(double Value, double? Low, double? High, int Tokens)
{
    public const int Blocks = 30;

    /// <summary>Student's t for 29 degrees of freedom: 97.5 % lie below.</summary>
    private const double T = 2.0452296421327034;

    /// <param name="nats">-ln p of each token, in the order of the text.</param>
    public static MeanNats Of(ReadOnlySpan<double> nats)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nats.Length);
        var mean = Mean(nats);
        if (nats.Length < Blocks)
        {
            return new MeanNats(mean, null, null, nats.Length);
        }

        Span<double> means = stackalloc double[Blocks];
        for (var block = 0; block < Blocks; block++)
        {
            means[block] = Mean(nats[Start(nats.Length, block)..Start(nats.Length, block + 1)]);
        }

        var centre = Mean(means);
        var squares = 0.0;
        foreach (var value in means)
        {
            squares += (value - centre) * (value - centre);
        }

        var half = T * Math.Sqrt(squares / (Blocks - 1) / Blocks);
        return new MeanNats(mean, mean - half, mean + half, nats.Length);
    }

    /// <summary>-ln p of the probability that a model gives to what came next.</summary>
    /// <param name="probability">Above 0.</param>
    /// <exception cref="ArithmeticException">It is NaN: the model is broken.</exception>
    public static double OfProbability(float probability) => float.IsNaN(probability)
        ? throw new ArithmeticException("The model's output is NaN.")
        : -Math.Log(probability);

    private static int Start(int tokens, int block) => (int)((long)tokens * block / Blocks);

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
