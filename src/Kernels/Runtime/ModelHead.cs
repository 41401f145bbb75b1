using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime;

/// <summary>
/// W h + b for one state or many, and softmax over each. The rows are packed in parts: a part goes past many states at once, so that a
/// vocabulary's weights are read once for all of them, and what it answers waits in the cache for its copy.
/// </summary>
/// <param name="parts">Of <see cref="PartRows"/> rows each, the last of what is left.</param>
internal sealed unsafe class ModelHead(WeightMatrix[] parts, Aligned<float> bias, bool softmax)
{
    /// <summary>A multiple of every panel's rows.</summary>
    public const int PartRows = 256;

    private const int MaxFloats = 1 << 14;

    private readonly int stride = WeightMatrix.Padded(parts.Max(part => part.Rows));
    private readonly int outputs = parts.Sum(part => part.Rows);

    public long ResidentBytes => parts.Sum(part => part.ResidentBytes) + bias.Bytes;

    /// <summary>States that are answered in one turn.</summary>
    public int Turn => Math.Max(1, MaxFloats / stride);

    public int WorkFloats => Turn * stride;

    public int ScratchFloats => parts.Max(part => part.ScratchFloats(Turn));

    /// <param name="states">One after the other, none padded.</param>
    /// <param name="answers">Written: one after the other.</param>
    public void Answer(float* states, int count, Span<float> answers, float* work, float* scratch)
    {
        for (var first = 0; first < count; first += Turn)
        {
            var turn = Math.Min(Turn, count - first);
            AnswerTurn(states + ((long)first * parts[0].Columns), turn, answers.Slice(first * outputs, turn * outputs), work, scratch);
        }
    }

    private void AnswerTurn(float* states, int turn, Span<float> answers, float* work, float* scratch)
    {
        for (var index = 0; index < parts.Length; index++)
        {
            var (part, row) = (parts[index], index * PartRows);
            if (turn == 1)
            {
                part.Multiply(states, bias.Pointer + row, work, scratch, backwards: false);
            }
            else
            {
                part.MultiplyMany(states, turn, bias.Pointer + row, 0, work, scratch);
            }

            var partStride = WeightMatrix.Padded(part.Rows);
            for (var state = 0; state < turn; state++)
            {
                new ReadOnlySpan<float>(work + ((long)state * partStride), part.Rows).CopyTo(answers[((state * outputs) + row)..]);
            }
        }

        for (var state = 0; softmax && state < turn; state++)
        {
            Softmax.Apply(answers.Slice(state * outputs, outputs));
        }
    }
}
