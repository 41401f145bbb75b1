using System.Runtime.CompilerServices;

namespace Fleet.Kernels.Runtime;

/// <summary>What the first layer reads: features normalised, or what the embedding has for tokens.</summary>
internal static class ModelInput
{
    /// <param name="source">[rows, features], not normalised.</param>
    /// <param name="target">Written: as many.</param>
    /// <remarks>Not folded into weights and bias: a feature far from zero would cost the sums as many digits as its mean has.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Features(SequenceModel model, ReadOnlySpan<float> source, Span<float> target)
    {
        ReadOnlySpan<float> mean = model.Mean;
        ReadOnlySpan<float> scale = model.Scale;
        if (mean.IsEmpty)
        {
            source.CopyTo(target);
            return;
        }

        for (; !source.IsEmpty; source = source[mean.Length..], target = target[mean.Length..])
        {
            for (var feature = 0; feature < mean.Length; feature++)
            {
                target[feature] = (source[feature] - mean[feature]) * scale[feature];
            }
        }
    }

    /// <param name="target">Written: [tokens, width of the embedding].</param>
    /// <exception cref="InvalidOperationException">The model reads features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    public static void Tokens(SequenceModel model, ReadOnlySpan<int> tokens, Span<float> target)
    {
        if (model.Structure.Embedding is not { } embedding)
        {
            throw new InvalidOperationException("This model reads features, not tokens.");
        }

        for (var step = 0; step < tokens.Length; step++)
        {
            if ((uint)tokens[step] >= (uint)embedding.Vocabulary)
            {
                throw new ArgumentOutOfRangeException(nameof(tokens), tokens[step], $"Token of step {step} must be 0 to {embedding.Vocabulary - 1}.");
            }

            model.Embedding!.Read(tokens[step], target.Slice(step * embedding.Width, embedding.Width));
        }
    }
}
