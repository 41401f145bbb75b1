using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;

namespace Fleet.Interchange;

/// <summary>Runs a model over a batch of sequences in one array.</summary>
public static class SequenceRun
{
    // More sequences at once are no faster, and their states leave the cache.
    private const int Together = 24;

    /// <param name="input">
    /// [steps, batch, features], or of a model that reads tokens [steps, batch]; with <paramref name="batchFirst"/> the first two the other
    /// way round.
    /// </param>
    /// <param name="lastOnly">Of a model that answers each step, only the last answer.</param>
    /// <returns>
    /// [steps, batch, outputs], or [batch, steps, outputs] with <paramref name="batchFirst"/>; [batch, outputs] where there is one answer a sequence.
    /// </returns>
    /// <exception cref="ArgumentException">The array does not fit the model; the message says how it should be.</exception>
    public static NumericArray Run(ModelDocument document, NumericArray input, bool batchFirst, bool lastOnly)
    {
        var structure = document.Structure;
        var tokens = structure.Embedding is not null;
        var features = structure.Features;
        if (input.Rank != (tokens ? 2 : 3) || (!tokens && input.Shape[2] != features))
        {
            var axes = batchFirst ? "batch, steps" : "steps, batch";
            throw new ArgumentException(
                $"The input is {input.ShapeText}, but the model reads [{axes}{(tokens ? "] (tokens)" : $", {features}]")}.", nameof(input));
        }

        var (steps, batch) = batchFirst ? (input.Shape[1], input.Shape[0]) : (input.Shape[0], input.Shape[1]);
        if (steps < 1 || batch < 1)
        {
            throw new ArgumentException($"The input is {input.ShapeText}: there is nothing in it.", nameof(input));
        }

        if (steps > ModelRunner.StepLimit(structure))
        {
            throw new ArgumentException(
                $"The input is {input.ShapeText}, sequences of {steps} steps, but this model can be run over {ModelRunner.StepLimit(structure)} at once;"
                    + " cut them into shorter ones.", nameof(input));
        }

        var all = structure.AnswersEachStep && !lastOnly;
        var answers = all ? steps : 1;
        var outputs = structure.Outputs;
        if ((long)answers * batch * outputs > Array.MaxLength)
        {
            throw new ArgumentException(
                $"The outputs would be {answers} x {batch} x {outputs}, more than one array can hold; run fewer sequences at a time.", nameof(input));
        }

        var result = new float[answers * batch * outputs];
        // One sequence alone is run as it is on a device, to the last bit; several are run in lock-step.
        var together = Math.Clamp(ModelRunner.StepLimit(structure) / steps, 1, Math.Min(batch, Together));
        var model = SequenceModel.Create(document);
        var reader = tokens
            ? (IReader)new TokenReader(input, structure.Embedding!.Vocabulary, steps * together)
            : new FeatureReader(input, features, steps * together);
        var answer = new float[answers * together * outputs];
        var runner = batch == 1 ? model.CreateRunner(steps) : null;
        var several = batch == 1 ? null : model.CreateBatch(together, steps);
        for (var first = 0; first < batch; first += together)
        {
            var count = Math.Min(together, batch - first);
            for (var step = 0; step < steps; step++)
            {
                for (var one = 0; one < count; one++)
                {
                    reader.Take(batchFirst ? ((first + one) * steps) + step : (step * batch) + first + one, (step * count) + one);
                }
            }

            var written = answer.AsSpan(0, answers * count * outputs);
            if (several is not null)
            {
                reader.Run(several, steps, count, all, written);
            }
            else
            {
                reader.Run(runner!, steps, all, written);
            }

            for (var step = 0; step < answers; step++)
            {
                for (var one = 0; one < count; one++)
                {
                    var place = batchFirst || !all ? ((first + one) * answers) + step : (step * batch) + first + one;
                    written.Slice(((step * count) + one) * outputs, outputs).CopyTo(result.AsSpan(place * outputs));
                }
            }
        }

        int[] shape = !all ? [batch, outputs] : batchFirst ? [batch, steps, outputs] : [steps, batch, outputs];
        return new NumericArray(shape, result);
    }

    private interface IReader
    {
        /// <summary>Takes the vector or token at a place of the array as the <paramref name="row"/>-th of [steps, sequences].</summary>
        void Take(int place, int row);

        void Run(ModelRunner runner, int steps, bool all, Span<float> answer);

        void Run(BatchRunner runner, int steps, int sequences, bool all, Span<float> answer);
    }

    private sealed class FeatureReader(NumericArray input, int features, int rows) : IReader
    {
        private readonly float[] all = input.ToFloats();
        private readonly float[] taken = new float[rows * features];

        public void Take(int place, int row) => all.AsSpan(place * features, features).CopyTo(taken.AsSpan(row * features));

        public void Run(BatchRunner runner, int steps, int sequences, bool each, Span<float> answer) =>
            runner.Run(taken.AsSpan(0, steps * sequences * features), steps, sequences, each, answer);

        public void Run(ModelRunner runner, int steps, bool each, Span<float> answer)
        {
            var read = taken.AsSpan(0, steps * features);
            if (each)
            {
                runner.RunAll(read, steps, answer);
            }
            else
            {
                runner.Run(read, steps, answer);
            }
        }
    }

    private sealed class TokenReader : IReader
    {
        private readonly int[] all;
        private readonly int[] taken;

        public TokenReader(NumericArray input, int vocabulary, int rows)
        {
            var tokens = input.Data is float[] or double[]
                ? throw new ArgumentException(
                    $"The model reads tokens, but the input holds {input.Data.GetType().GetElementType()!.Name}; convert it to int64.", nameof(input))
                : input.ToIntegers();
            if (Array.FindIndex(tokens, token => token < 0 || token >= vocabulary) is >= 0 and var beyond)
            {
                throw new ArgumentException($"Token {tokens[beyond]} (element {beyond}) is beyond the vocabulary, 0 to {vocabulary - 1}.", nameof(input));
            }

            all = Array.ConvertAll(tokens, token => (int)token);
            taken = new int[rows];
        }

        public void Take(int place, int row) => taken[row] = all[place];

        public void Run(BatchRunner runner, int steps, int sequences, bool each, Span<float> answer) =>
            runner.Run(taken.AsSpan(0, steps * sequences), steps, sequences, each, answer);

        public void Run(ModelRunner runner, int steps, bool each, Span<float> answer)
        {
            if (each)
            {
                runner.RunAll(taken.AsSpan(0, steps), answer);
            }
            else
            {
                runner.Run(taken.AsSpan(0, steps), answer);
            }
        }
    }
}
