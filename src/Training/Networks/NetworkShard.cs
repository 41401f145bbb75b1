using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>
/// Runs up to <see cref="Shard.Samples"/> sequences through the network and back through time, and sums their gradients.
/// All memory is taken once. Used by one thread at a time.
/// </summary>
internal sealed unsafe class NetworkShard<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = Shard.Samples;

    private readonly Network<T> network;
    private readonly int steps;
    private readonly LayerShard<T>[] layers;
    // On what each layer but the first reads, then on what the head reads.
    private readonly Dropout<T>[] dropouts;
    private readonly SoftmaxHead<T> head;
    private bool dropped;

    public NetworkShard(Network<T> network, int steps)
    {
        this.network = network;
        this.steps = steps;
        layers =
        [
            .. network.Layers.Select((cells, index) =>
                new LayerShard<T>(cells, network.Structure.Layers[index].IsReverse, steps, wantsGradient: index > 0)),
        ];
        dropouts =
        [
            .. layers.Skip(1).Select((layer, place) => new Dropout<T>(place, layer.Columns, steps)),
            new Dropout<T>(layers.Length - 1, network.Head.Columns, 1),
        ];
        head = new SoftmaxHead<T>(network);
    }

    /// <summary>[classes, samples], of the last <see cref="Forward"/>.</summary>
    public ReadOnlySpan<T> Logits => head.Logits;

    /// <summary>Runs the chosen sequences; at most <see cref="Shard.Samples"/>. Those that are not there are zeros.</summary>
    /// <param name="dropout">While training, if the recipe has dropout.</param>
    public void Forward(Sequences<T> data, ReadOnlySpan<int> samples, DropoutKey? dropout = null)
    {
        dropped = dropout is not null;
        SetInputs(data, samples);
        for (var index = 0; index < layers.Length; index++)
        {
            layers[index].Forward(steps);
            if (index + 1 < layers.Length)
            {
                var above = layers[index + 1].Inputs.Pointer;
                layers[index].CopyOutputs(steps, above);
                Drop(dropout, index, samples, steps, above);
            }
        }

        layers[^1].CopyLast(steps, head.Input);
        Drop(dropout, layers.Length - 1, samples, 1, head.Input);
        head.Forward();
    }

    /// <summary>Sum of the cross-entropies of the sequences of the last <see cref="Forward"/>, and how many of them were right.</summary>
    public (double Loss, int Right) Judge(Sequences<T> data, ReadOnlySpan<int> samples) => head.Judge(data.Labels, samples);

    /// <summary>
    /// Adds the gradient of <paramref name="weight"/> times the sum of the cross-entropies to the sums of this shard.
    /// <see cref="Judge"/> has been called.
    /// </summary>
    public void Backward(double weight)
    {
        head.Backward(weight);
        DropBack(layers.Length - 1, 1, head.InputGradient);
        T* above = null;
        for (var index = layers.Length - 1; index >= 0; index--)
        {
            layers[index].Backward(steps, above == null ? head.InputGradient : null, above);
            if (index > 0)
            {
                above = layers[index].InputGradients.Pointer;
                DropBack(index - 1, steps, above);
            }
        }
    }

    /// <summary>gradient[parameters] += this shard's sums, which are zero again then.</summary>
    public void Collect(T* gradient)
    {
        foreach (var layer in layers)
        {
            layer.Collect(gradient);
        }

        head.Collect(gradient);
    }

    public void Dispose()
    {
        Array.ForEach(layers, layer => layer.Dispose());
        Array.ForEach(dropouts, dropout => dropout.Dispose());
        head.Dispose();
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
