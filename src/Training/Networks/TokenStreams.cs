namespace Fleet.Training.Networks;

/// <summary>
/// A long sequence of tokens cut into as many streams of one length, one behind the other, that are read side by side: what is
/// left over at the end is not read. At each position a stream's next token is to be told.
/// </summary>
internal sealed class TokenStreams
{
    private readonly int[] tokens;

    /// <param name="tokens">0 to vocabulary - 1.</param>
    /// <exception cref="ArgumentException">There are too few tokens, or one is not of the vocabulary.</exception>
    public TokenStreams(int[] tokens, int vocabulary, int streams)
    {
        if (tokens.Length <= streams)
        {
            throw new ArgumentException(
                $"{tokens.Length} tokens cannot be cut into {streams} streams: each needs two at least. Give more text, or a smaller batch_size.");
        }

        for (var index = 0; index < tokens.Length; index++)
        {
            if ((uint)tokens[index] >= (uint)vocabulary)
            {
                throw new ArgumentException($"Token {index} is {tokens[index]}, but the vocabulary has 0 to {vocabulary - 1}.");
            }
        }

        this.tokens = tokens;
        Count = streams;
        Length = (tokens.Length - 1) / streams;
    }

    /// <summary>All, in the order of the text.</summary>
    public int[] Tokens => tokens;

    /// <summary>Streams.</summary>
    public int Count { get; }

    /// <summary>Positions of a stream, at each of which a token is told.</summary>
    public int Length { get; }

    /// <summary>The tokens of a stream from a position on; the one behind the last position is there, too.</summary>
    public ReadOnlySpan<int> From(int stream, int position) => tokens.AsSpan((stream * Length) + position);
}
