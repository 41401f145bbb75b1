using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>The rows of the embedding that one micro-batch's tokens read, and the sum of their gradients.</summary>
internal sealed unsafe class EmbeddingMicroBatch<T>(Network<T> network, int vocabulary, int width) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;

    private readonly AlignedBuffer<T> sums = new((long)vocabulary * width);
    private readonly bool[] isTouched = new bool[vocabulary];
    private readonly List<int> touched = [];

    /// <summary>x[width, samples] = the rows of these tokens, one a sample; zero where none is.</summary>
    public void Forward(ReadOnlySpan<int> tokens, T* x)
    {
        for (var sample = 0; sample < Vector; sample++)
        {
            var row = sample < tokens.Length ? network.Embedding + ((long)tokens[sample] * width) : null;
            for (var column = 0; column < width; column++)
            {
                x[(column * Vector) + sample] = row == null ? T.Zero : row[column];
            }
        }
    }

    /// <summary>Adds dL/d(row) of each token.</summary>
    public void Backward(ReadOnlySpan<int> tokens, T* gradient)
    {
        for (var sample = 0; sample < tokens.Length; sample++)
        {
            var token = tokens[sample];
            if (!isTouched[token])
            {
                isTouched[token] = true;
                touched.Add(token);
            }

            var sum = sums.Pointer + ((long)token * width);
            for (var column = 0; column < width; column++)
            {
                sum[column] += gradient[(column * Vector) + sample];
            }
        }
    }

    /// <summary>gradient[all parameters] += the sums, which are zero again then. Only rows that were read are looked at.</summary>
    public void Collect(T* gradient)
    {
        var start = gradient + network.EmbeddingWeights.Start.Value;
        foreach (var token in touched)
        {
            var from = sums.Pointer + ((long)token * width);
            var to = start + ((long)token * width);
            for (var column = 0; column < width; column++)
            {
                to[column] += from[column];
                from[column] = T.Zero;
            }

            isTouched[token] = false;
        }

        touched.Clear();
    }

    public void Dispose() => sums.Dispose();
}
