using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;

namespace Fleet.Interchange;

/// <summary>Runs a model over a batch of sequences in one array.</summary>
public static class SequenceRun
{
    /// <param name="input">[steps, batch, features], or of a model that reads tokens [steps, batch]; with <paramref name="batchFirst"/> the first two the other way round.</param>
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
            throw new ArgumentException($"The input is {input.ShapeText}, but the model reads [{axes}{(tokens ? "] (tokens)" : $", {features}]")}.", nameof(input));
        }

        var (steps, batch) = batchFirst ? (input.Shape[1], input.Shape[0]) : (input.Shape[0], input.Shape[1]);
        if (steps < 1 || batch < 1)
        {
            throw new ArgumentException($"The input is {input.ShapeText}: there is nothing in it.", nameof(input));
        }

        if (steps > ModelRunner.MostSteps(structure))
        {
            throw new ArgumentException(
                $"The input is {input.ShapeText}, sequences of {steps} steps, but this model can be run over {ModelRunner.MostSteps(structure)} at once; cut them into shorter ones.", nameof(input));
        }

        var all = structure.AnswersEachStep && !lastOnly;
        var answers = all ? steps : 1;
        var outputs = structure.Outputs;
        if ((long)answers * batch * outputs > Array.MaxLength)
        {
            throw new ArgumentException($"The outputs would be {answers} x {batch} x {outputs}, more than one array can hold; run fewer sequences at a time.", nameof(input));
        }

        var result = new float[answers * batch * outputs];
        var runner = SequenceModel.Create(document).CreateRunner(steps);
        var answer = new float[answers * outputs];
        var reader = tokens ? (IReader)new TokenReader(input, structure.Embedding!.Vocabulary) : new FeatureReader(input, features);
        for (var sequence = 0; sequence < batch; sequence++)
        {
            for (var step = 0; step < steps; step++)
            {
                reader.Take(batchFirst ? (sequence * steps) + step : (step * batch) + sequence, step);
            }

            runner.Reset();
            reader.Run(runner, steps, all, answer);
            for (var step = 0; step < answers; step++)
            {
                var place = batchFirst || !all ? (sequence * answers) + step : (step * batch) + sequence;
                answer.AsSpan(step * outputs, outputs).CopyTo(result.AsSpan(place * outputs));
            }
        }

        int[] shape = !all ? [batch, outputs] : batchFirst ? [batch, steps, outputs] : [steps, batch, outputs];
        return new NumericArray(shape, result);
    }

    private interface IReader
    {
        /// <summary>Takes the vector or token at a place of the array as one step of a sequence.</summary>
        void Take(int place, int step);

        void Run(ModelRunner runner, int steps, bool all, Span<float> answer);
    }

    private sealed class FeatureReader(NumericArray input, int features) : IReader
    {
        private readonly float[] all = input.ToFloats();
        private readonly float[] sequence = new float[input.Data.Length];

        public void Take(int place, int step) => all.AsSpan(place * features, features).CopyTo(sequence.AsSpan(step * features));

        public void Run(ModelRunner runner, int steps, bool each, Span<float> answer)
        {
            var read = sequence.AsSpan(0, steps * features);
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
        private readonly int[] sequence;

        public TokenReader(NumericArray input, int vocabulary)
        {
            var tokens = input.Data is float[] or double[]
                ? throw new ArgumentException($"The model reads tokens, but the input holds {input.Data.GetType().GetElementType()!.Name}; convert it to int64.", nameof(input))
                : input.ToIntegers();
            if (Array.FindIndex(tokens, token => token < 0 || token >= vocabulary) is >= 0 and var beyond)
            {
                throw new ArgumentException($"Token {tokens[beyond]} (element {beyond}) is beyond the vocabulary, 0 to {vocabulary - 1}.", nameof(input));
            }

            all = Array.ConvertAll(tokens, token => (int)token);
            sequence = new int[all.Length];
        }

        public void Take(int place, int step) => sequence[step] = all[place];

        public void Run(ModelRunner runner, int steps, bool each, Span<float> answer)
        {
            if (each)
            {
                runner.RunAll(sequence.AsSpan(0, steps), answer);
            }
            else
            {
                runner.Run(sequence.AsSpan(0, steps), answer);
            }
        }
    }
}
