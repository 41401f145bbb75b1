using System.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;

namespace Fleet.Training.Networks;

/// <summary>What a trained dense model answers, to learn from beside the labels.</summary>
/// <param name="Weight">a: the loss is (1 - a) cross-entropy + a T^2 KL(teacher || student), both with their logits divided by T.</param>
/// <param name="Temperature">T</param>
/// <param name="Probabilities">[samples, classes]: softmax of the teacher's logits divided by T.</param>
/// <remarks>Source: Hinton, Vinyals and Dean 2015.</remarks>
internal sealed unsafe record Distillation<T>(double Weight, double Temperature, T[] Probabilities)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Asks the teacher about some of the sequences; of the others nothing is known.</summary>
    public static Distillation<T> Of(Network<T> teacher, Sequences<T> data, ReadOnlySpan<int> samples, double weight, double temperature)
    {
        var classes = teacher.Head.Outputs;
        var probabilities = new T[data.Labels.Length * classes];
        using var microBatch = new NetworkMicroBatch<T>(teacher, data.Steps);
        using var answers = new SoftAnswers<T>(teacher.Arithmetic, classes);
        for (var start = 0; start < samples.Length; start += MicroBatch.Samples)
        {
            var own = samples.Slice(start, Math.Min(MicroBatch.Samples, samples.Length - start));
            microBatch.Forward(data, own);
            var soft = answers.Of(microBatch.Logits, temperature);
            for (var sample = 0; sample < own.Length; sample++)
            {
                for (var label = 0; label < classes; label++)
                {
                    probabilities[(own[sample] * classes) + label] = soft[(label * MicroBatch.Samples) + sample];
                }
            }
        }

        return new Distillation<T>(weight, temperature, probabilities);
    }

    /// <summary>
    /// Turns the gradient of the cross-entropy by the logits into that of the whole loss, which for the other part is
    /// a T (student - teacher), probabilities both of logits divided by T.
    /// </summary>
    /// <param name="soft">The student's probabilities, [classes, samples].</param>
    /// <param name="gradient">[classes, samples]</param>
    /// <returns>The sum of the samples' losses.</returns>
    public double Mix(double crossEntropy, ReadOnlySpan<int> samples, ReadOnlySpan<T> soft, T* gradient)
    {
        var classes = soft.Length / MicroBatch.Samples;
        var (hard, pull) = (T.CreateTruncating(1 - Weight), T.CreateTruncating(Weight * Temperature));
        var divergence = 0.0;
        for (var sample = 0; sample < samples.Length; sample++)
        {
            for (var label = 0; label < classes; label++)
            {
                var at = (label * MicroBatch.Samples) + sample;
                var taught = Probabilities[(samples[sample] * classes) + label];
                gradient[at] = (hard * gradient[at]) + (pull * (soft[at] - taught));
                if (taught > T.Zero)
                {
                    divergence += double.CreateTruncating(taught) * (Math.Log(double.CreateTruncating(taught)) - Math.Log(double.CreateTruncating(soft[at])));
                }
            }
        }

        return ((1 - Weight) * crossEntropy) + (Weight * Temperature * Temperature * divergence);
    }
}

/// <summary>One micro-batch's probabilities with the logits divided by a temperature: the higher that is, the less the greatest stands out.</summary>
internal sealed unsafe class SoftAnswers<T>(BatchArithmetic<T> arithmetic, int classes) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> scaled = new((long)classes * MicroBatch.Samples);
    private readonly AlignedBuffer<T> probabilities = new((long)classes * MicroBatch.Samples);

    /// <summary>[classes, samples] = softmax(logits / T); until the next call.</summary>
    public ReadOnlySpan<T> Of(ReadOnlySpan<T> logits, double temperature)
    {
        logits.CopyTo(scaled.Span);
        arithmetic.Scale(T.CreateTruncating(1 / temperature), scaled.Pointer, scaled.Length);
        arithmetic.Softmax(scaled.Pointer, classes, probabilities.Pointer);
        return probabilities.Span;
    }

    public void Dispose()
    {
        scaled.Dispose();
        probabilities.Dispose();
    }
}
