using System.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;

namespace Fleet.Training.Networks;

/// <summary>
/// Runs up to <see cref="MicroBatch.Samples"/> sequences, or streams of tokens, through the network and back through time, and sums
/// their gradients. All memory is taken once. Used by one thread at a time.
/// </summary>
internal sealed unsafe partial class NetworkMicroBatch<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;

    private readonly Network<T> network;
    private readonly int steps;
    private readonly LayerMicroBatch<T>[] layers;
    // On what each layer but the first reads, then on what the head reads.
    private readonly Dropout<T>[] dropouts;
    private readonly SoftmaxHead<T> head;
    private readonly EmbeddingMicroBatch<T>? embedding;
    private readonly int[] labels = new int[Vector];
    private readonly SoftAnswers<T> soft;
    private bool dropped;

    /// <param name="steps">Of a sequence; of a window of tokens, at most.</param>
    public NetworkMicroBatch(Network<T> network, int steps)
    {
        this.network = network;
        this.steps = steps;
        var structure = network.Structure;
        var answers = structure.AnswersEachStep ? steps : 1;
        embedding = structure.Embedding is { } table ? new EmbeddingMicroBatch<T>(network, table.Vocabulary, table.Width) : null;
        layers =
        [
            .. network.Layers.Select((cells, index) =>
                new LayerMicroBatch<T>(cells, structure.Layers[index].IsReverse, steps, wantsGradient: index > 0 || embedding is not null)),
        ];
        dropouts =
        [
            .. layers.Skip(1).Select((layer, place) => new Dropout<T>(place, layer.Columns, steps)),
            new Dropout<T>(layers.Length - 1, network.Head.Columns, answers),
        ];
        head = new SoftmaxHead<T>(network, answers);
        soft = new SoftAnswers<T>(network.Arithmetic, network.Head.Outputs);
        tokens = new int[embedding is null ? 0 : (steps + 1) * Vector];
    }

    /// <summary>[classes, samples], of the last <see cref="Forward(Sequences{T}, ReadOnlySpan{int}, DropoutKey?)"/>.</summary>
    public ReadOnlySpan<T> Logits => head.Logits;

    /// <summary>Runs the chosen sequences; at most <see cref="MicroBatch.Samples"/>. Those that are not there are zeros.</summary>
    /// <param name="dropout">While training, if the recipe has dropout.</param>
    public void Forward(Sequences<T> data, ReadOnlySpan<int> samples, DropoutKey? dropout = null)
    {
        SetInputs(data, samples);
        RunLayers(steps, samples, dropout);
        layers[^1].CopyLast(steps, head.Input);
        Drop(dropout, layers.Length - 1, samples, 1, head.Input);
        head.Forward(0, 1);
    }

    /// <summary>Sum of the cross-entropies of the sequences of the last run, and how many of them were right.</summary>
    public (double Loss, int Right) Judge(Sequences<T> data, ReadOnlySpan<int> samples)
    {
        var right = 0;
        for (var sample = 0; sample < samples.Length; sample++)
        {
            labels[sample] = data.Labels[samples[sample]];
            right += head.Answer(sample) == labels[sample] ? 1 : 0;
        }

        return (head.Judge(0, labels.AsSpan(0, samples.Length)), right);
    }

    /// <summary>The same with the loss that a teacher has a part in; how many were right is by the labels all the same.</summary>
    public (double Loss, int Right) Judge(Sequences<T> data, ReadOnlySpan<int> samples, Distillation<T> distillation)
    {
        var (crossEntropy, right) = Judge(data, samples);
        return (distillation.Mix(crossEntropy, samples, soft.Of(head.Logits, distillation.Temperature), head.LogitGradient), right);
    }

    /// <summary>
    /// Adds the gradient of <paramref name="weight"/> times the sum of the losses to the sums of this micro-batch. One of the
    /// <see cref="Judge(Sequences{T}, ReadOnlySpan{int})"/> has been called: its loss it is.
    /// </summary>
    public void Backward(double weight)
    {
        head.Backward(0, 1, weight);
        DropBack(layers.Length - 1, 1, head.InputGradient);
        BackThroughLayers(steps, head.InputGradient, above: null);
    }

    /// <summary>gradient[parameters] += this micro-batch's sums, which are zero again then.</summary>
    public void Collect(T* gradient)
    {
        embedding?.Collect(gradient);
        foreach (var layer in layers)
        {
            layer.Collect(gradient);
        }

        head.Collect(gradient);
    }

    public void Dispose()
    {
        embedding?.Dispose();
        Array.ForEach(layers, layer => layer.Dispose());
        Array.ForEach(dropouts, dropout => dropout.Dispose());
        head.Dispose();
        soft.Dispose();
    }

    private void RunLayers(int count, ReadOnlySpan<int> samples, DropoutKey? dropout)
    {
        dropped = dropout is not null;
        for (var index = 0; index < layers.Length; index++)
        {
            layers[index].Forward(count);
            if (index + 1 < layers.Length)
            {
                var above = layers[index + 1].Inputs.Pointer;
                layers[index].CopyOutputs(count, above);
                Drop(dropout, index, samples, count, above);
            }
        }
    }

    private void BackThroughLayers(int count, T* last, T* above)
    {
        for (var index = layers.Length - 1; index >= 0; index--)
        {
            layers[index].Backward(count, index == layers.Length - 1 ? last : null, above);
            if (index > 0)
            {
                above = layers[index].InputGradients.Pointer;
                DropBack(index - 1, count, above);
            }
        }
    }

    private void Drop(DropoutKey? key, int place, ReadOnlySpan<int> samples, int count, T* x)
    {
        if (key is { } drawn)
        {
            dropouts[place].Forward(drawn, samples, count, x, network.Arithmetic);
        }
    }

    private void DropBack(int place, int count, T* gradient)
    {
        if (dropped)
        {
            dropouts[place].Backward(count, gradient, network.Arithmetic);
        }
    }

    private void SetInputs(Sequences<T> data, ReadOnlySpan<int> samples)
    {
        var inputs = layers[0].Inputs;
        if (samples.Length < Vector)
        {
            inputs.Clear();
        }

        var size = steps * layers[0].Columns;
        for (var sample = 0; sample < samples.Length; sample++)
        {
            var to = inputs.Pointer + sample;
            foreach (var value in data.Inputs.AsSpan(samples[sample] * size, size))
            {
                *to = value;
                to += Vector;
            }
        }
    }
}
