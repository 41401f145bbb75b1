using System.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;

namespace Fleet.Training.Networks;

/// <summary>Class probabilities of one shard: logits = W x + bias, p = softmax(logits), cross-entropy -log p_label.</summary>
internal sealed unsafe class SoftmaxHead<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = Shard.Samples;
    private const double Log2E = 1.4426950408889634;

    private readonly Network<T> network;
    private readonly MatrixShard<T> matrix;
    private readonly AlignedBuffer<T> logits;
    private readonly AlignedBuffer<T> gradient;
    private readonly AlignedBuffer<T> biasLanes;
    private readonly AlignedBuffer<T> input;
    private readonly AlignedBuffer<T> inputGradient;
    private readonly BatchMajor<T> inputBySample;

    public SoftmaxHead(Network<T> network)
    {
        this.network = network;
        matrix = network.Head.CreateShard(network.Arithmetic);
        var size = network.Classes * Vector;
        logits = new AlignedBuffer<T>(size);
        gradient = new AlignedBuffer<T>(size + (PackedMatrix<T>.TallPanel * Vector));
        biasLanes = new AlignedBuffer<T>(network.Classes * Shard.Lanes);
        input = new AlignedBuffer<T>(network.Head.Columns * Vector);
        inputGradient = new AlignedBuffer<T>(network.Head.Columns * Vector);
        inputBySample = new BatchMajor<T>(network.Head.Columns, steps: 1);
    }

    /// <summary>[classes, samples]</summary>
    public ReadOnlySpan<T> Logits => logits.Span;

    /// <summary>What it reads, [columns, samples].</summary>
    public T* Input => input.Pointer;

    /// <summary>dL/d(what it reads), after <see cref="Backward"/>.</summary>
    public T* InputGradient => inputGradient.Pointer;

    public void Forward()
    {
        network.Arithmetic.Fill(network.HeadBias, network.Classes, logits.Pointer);
        matrix.Forward(input.Pointer, logits.Pointer, trace: null);
    }

    /// <summary>Loss and right answers; leaves p - [label] for <see cref="Backward"/>, zero for samples that are not there.</summary>
    public (double Loss, int Right) Judge(ushort[] labels, ReadOnlySpan<int> samples)
    {
        var loss = 0.0;
        var right = 0;
        var classes = network.Classes;
        var x = logits.Pointer;
        var p = gradient.Pointer;
        gradient.Clear();
        for (var sample = 0; sample < samples.Length; sample++)
        {
            var greatest = 0;
            for (var label = 1; label < classes; label++)
            {
                greatest = x[(label * Vector) + sample] > x[(greatest * Vector) + sample] ? label : greatest;
            }

            for (var label = 0; label < classes; label++)
            {
                p[(label * Vector) + sample] = (x[(label * Vector) + sample] - x[(greatest * Vector) + sample]) * T.CreateTruncating(Log2E);
            }

            right += greatest == labels[samples[sample]] ? 1 : 0;
        }

        network.Arithmetic.PowersOfTwo(p, p, classes * Vector);
        for (var sample = 0; sample < samples.Length; sample++)
        {
            var sum = T.Zero;
            for (var label = 0; label < classes; label++)
            {
                sum += p[(label * Vector) + sample];
            }

            var own = p + (labels[samples[sample]] * Vector) + sample;
            loss -= Math.Log(double.CreateTruncating(*own / sum));
            for (var label = 0; label < classes; label++)
            {
                p[(label * Vector) + sample] /= sum;
            }

            *own -= T.One;
        }

        ClearFrom(samples.Length);
        return (loss, right);
    }

    /// <summary>Adds the gradient of weight times the loss.</summary>
    public void Backward(double weight)
    {
        var factor = T.CreateTruncating(weight);
        foreach (ref var value in gradient.Span)
        {
            value *= factor;
        }

        matrix.Backward(gradient.Pointer, inputGradient.Pointer, sensitivity: null);
        network.Arithmetic.AddLanes(gradient.Pointer, network.Classes, biasLanes.Pointer);
        inputBySample.Set(0, input.Pointer);
        matrix.AddGradient(new GradientBlock<T>
        {
            Steps = 1,
            X = input.Pointer,
            XStride = 0,
            XBySample = inputBySample,
            Dy = gradient.Pointer,
            DyStride = 0,
            Trace = null,
            TraceStride = 0,
            Sensitivity = null,
            SensitivityStride = 0,
        });
    }

    /// <summary>gradient[all parameters] += the sums, which are zero again then.</summary>
    public void Collect(T* all)
    {
        matrix.Collect(all + network.HeadWeight.Start.Value);
        LaneSums.Collect(biasLanes, network.Classes, all + network.HeadBiases.Start.Value);
    }

    public void Dispose()
    {
        matrix.Dispose();
        logits.Dispose();
        gradient.Dispose();
        biasLanes.Dispose();
        input.Dispose();
        inputGradient.Dispose();
        inputBySample.Dispose();
    }

    // 2^0 = 1 stands where no sample is.
    private void ClearFrom(int samples)
    {
        for (var label = 0; label < network.Classes; label++)
        {
            new Span<T>(gradient.Pointer + (label * Vector) + samples, Vector - samples).Clear();
        }
    }
}
