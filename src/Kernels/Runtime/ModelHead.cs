using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime;

/// <summary>W h + b for one state or many, and softmax over each.</summary>
internal sealed unsafe class ModelHead(WeightMatrix weights, Aligned<float> bias, bool softmax)
{
    // Answers of so many states at a time wait in the cache for softmax and for their copy.
    private const int MostFloats = 1 << 14;

    private readonly int stride = WeightMatrix.Padded(weights.Rows);

    public long ResidentBytes => weights.ResidentBytes + bias.Bytes;

    /// <summary>States that are answered in one turn.</summary>
    public int Turn => Math.Max(1, MostFloats / stride);

    public int WorkFloats => Turn * stride;

    public int ScratchFloats => weights.ScratchFloats(Turn);

    /// <param name="states">One after the other, none padded.</param>
    /// <param name="answers">Written: one after the other.</param>
    public void Answer(float* states, int count, Span<float> answers, float* work, float* scratch)
    {
        for (var first = 0; first < count; first += Turn)
        {
            var turn = Math.Min(Turn, count - first);
            var x = states + ((long)first * weights.Columns);
            if (turn == 1)
            {
                weights.Multiply(x, bias.Pointer, work, scratch, backwards: false);
            }
            else
            {
                weights.MultiplyMany(x, turn, bias.Pointer, 0, work, scratch);
            }

            for (var index = 0; index < turn; index++)
            {
                var answer = answers.Slice((first + index) * weights.Rows, weights.Rows);
                new ReadOnlySpan<float>(work + ((long)index * stride), weights.Rows).CopyTo(answer);
                if (softmax)
                {
                    Softmax.Apply(answer);
                }
            }
        }
    }
}
