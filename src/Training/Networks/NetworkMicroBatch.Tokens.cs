namespace Fleet.Training.Networks;

// Windows of token streams, from state to state: truncated back-propagation through time.
internal sealed unsafe partial class NetworkMicroBatch<T>
{
    // Of the window, [step, sample], and those behind its last step.
    private readonly int[] tokens;
    private readonly int[] streams = new int[Vector];
    private int windowSteps;
    private int windowStreams;

    /// <summary>What a micro-batch's streams carry from one window to the next.</summary>
    public long StateSize => layers.Sum(layer => layer.StateSize);

    /// <summary>Runs one window of some streams.</summary>
    /// <param name="first">The first of the streams; up to <see cref="Arithmetic.MicroBatch.Samples"/> from there on are run.</param>
    /// <param name="start">Position of the window's first step.</param>
    /// <param name="count">Steps.</param>
    /// <param name="state">[<see cref="StateSize"/>]: what the streams carry, before and then after the window; all zero for a beginning.</param>
    /// <param name="dropout">While training, if the recipe has dropout; a stream's number is its sample.</param>
    public void Forward(TokenStreams data, int first, int start, int count, T* state, DropoutKey? dropout = null)
    {
        SetTokens(data, first, start, count);
        foreach (var layer in layers)
        {
            layer.LoadState(state);
            state += layer.StateSize;
        }

        RunLayers(count, streams.AsSpan(0, windowStreams), dropout);
        foreach (var layer in layers.Reverse())
        {
            state -= layer.StateSize;
            layer.SaveState(count, state);
        }

        layers[^1].CopyOutputs(count, head.Input);
        Drop(dropout, layers.Length - 1, streams.AsSpan(0, windowStreams), count, head.Input);
    }

    /// <summary>Sum of the cross-entropies of all tokens that the window of the last run was to tell.</summary>
    public double JudgeTokens() => AnswerTokens(weight: null);

    /// <summary>
    /// The same, and adds the gradient of <paramref name="weight"/> times that sum to the sums of this micro-batch. The state that the
    /// window began from counts as given: nothing goes back beyond it.
    /// </summary>
    public double LearnTokens(double weight)
    {
        var loss = AnswerTokens(weight);
        DropBack(layers.Length - 1, windowSteps, head.InputGradient);
        BackThroughLayers(windowSteps, last: null, head.InputGradient);
        var gradient = layers[0].InputGradients.Pointer;
        for (var step = 0; step < windowSteps; step++)
        {
            embedding!.Backward(TokensAt(step), gradient + ((long)step * layers[0].Columns * Vector));
        }

        return loss;
    }

    private double AnswerTokens(double? weight)
    {
        var loss = 0.0;
        for (var first = 0; first < windowSteps; first += head.Turn)
        {
            var turn = Math.Min(head.Turn, windowSteps - first);
            head.Forward(first, turn);
            for (var step = 0; step < turn; step++)
            {
                loss += head.Judge(step, TokensAt(first + step + 1));
            }

            if (weight is { } given)
            {
                head.Backward(first, turn, given);
            }
        }

        return loss;
    }

    private void SetTokens(TokenStreams data, int first, int start, int count)
    {
        if (embedding is null)
        {
            throw new InvalidOperationException("This network reads features, not tokens.");
        }

        windowSteps = count;
        windowStreams = Math.Min(Vector, data.Count - first);
        for (var stream = 0; stream < windowStreams; stream++)
        {
            streams[stream] = first + stream;
            var from = data.From(first + stream, start);
            for (var step = 0; step <= count; step++)
            {
                tokens[(step * Vector) + stream] = from[step];
            }
        }

        for (var step = 0; step < count; step++)
        {
            embedding.Forward(TokensAt(step), layers[0].Inputs.Pointer + ((long)step * layers[0].Columns * Vector));
        }
    }

    private ReadOnlySpan<int> TokensAt(int step) => tokens.AsSpan(step * Vector, windowStreams);
}
