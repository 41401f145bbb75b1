using System.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Networks;

/// <summary>
/// Class probabilities of one micro-batch, for one answer a sequence or for one a step: logits = W x + bias, p = softmax(logits),
/// cross-entropy -log p_label. Steps are answered a few at a time: the logits of a whole window over a large vocabulary would
/// not fit any cache.
/// </summary>
internal sealed unsafe class SoftmaxHead<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;
    private const int MaxSteps = 8;

    private readonly Network<T> network;
    private readonly HeadMatrix<T> matrix;
    private readonly AlignedBuffer<T> logits;
    private readonly AlignedBuffer<T> gradients;
    private readonly AlignedBuffer<T> input;
    private readonly AlignedBuffer<T> inputGradient;
    private readonly AlignedBuffer<T> weightSum;
    private readonly AlignedBuffer<T> biasLanes;
    private readonly BatchMajor<T> inputBySample;
    private readonly long outputSize;
    private readonly long inputSize;

    /// <param name="steps">Answers of a sequence, at most.</param>
    public SoftmaxHead(Network<T> network, int steps)
    {
        this.network = network;
        matrix = network.Head;
        Turn = Math.Min(steps, MaxSteps);
        outputSize = (long)matrix.Outputs * Vector;
        inputSize = (long)matrix.Columns * Vector;
        logits = new AlignedBuffer<T>(Turn * outputSize);
        // Weight gradients go by whole panels and may read that many rows past the last one.
        gradients = new AlignedBuffer<T>((Turn * outputSize) + (PackedMatrix<T>.TallPanel * Vector));
        input = new AlignedBuffer<T>(steps * inputSize);
        inputGradient = new AlignedBuffer<T>(steps * inputSize);
        weightSum = OuterSums.Create<T>(matrix.Outputs, matrix.Columns);
        biasLanes = new AlignedBuffer<T>((long)matrix.Outputs * MicroBatch.Lanes);
        inputBySample = new BatchMajor<T>(matrix.Columns, Turn);
    }

    /// <summary>Steps that are answered in one turn.</summary>
    public int Turn { get; }

    /// <summary>[classes, samples], of the first step of the last <see cref="Forward"/>.</summary>
    public ReadOnlySpan<T> Logits => logits.Span[..(int)outputSize];

    /// <summary>dL/d(logits) of that step, likewise, after <see cref="Judge"/> and until <see cref="Backward"/>.</summary>
    public T* LogitGradient => gradients.Pointer;

    /// <summary>What it reads, [steps][columns, samples].</summary>
    public T* Input => input.Pointer;

    /// <summary>dL/d(what it reads), likewise, of the steps that <see cref="Backward"/> has seen.</summary>
    public T* InputGradient => inputGradient.Pointer;

    /// <summary>Logits of at most <see cref="Turn"/> steps. Where the network counts as in int8, what it reads is quantised where it is.</summary>
    public void Forward(int first, int count)
    {
        for (var step = first; step < first + count; step++)
        {
            var x = input.Pointer + (step * inputSize);
            matrix.Reads?.Add(x);
            if (network.IsQuantised)
            {
                FakeQuantiser<T>.Operands(x, matrix.Columns, matrix.Columns);
            }
        }

        for (var block = 0; block < matrix.Blocks; block++)
        {
            for (var step = 0; step < count; step++)
            {
                var start = HeadMatrix<T>.Start(block);
                var own = logits.Pointer + (step * outputSize) + ((long)start * Vector);
                network.Arithmetic.Fill(network.HeadBias + start, matrix.Rows(block), own);
                network.Arithmetic.Multiply(matrix.Forward(block), input.Pointer + ((first + step) * inputSize), own, add: true);
            }
        }
    }

    /// <summary>
    /// The loss of a step of the last <see cref="Forward"/>; leaves p - [label] for <see cref="Backward"/>, zero for samples that are
    /// not there.
    /// </summary>
    /// <param name="step">Counted from the first of that turn.</param>
    /// <param name="labels">Of the samples that are there.</param>
    public double Judge(int step, ReadOnlySpan<int> labels)
    {
        var p = gradients.Pointer + (step * outputSize);
        network.Arithmetic.Softmax(logits.Pointer + (step * outputSize), matrix.Outputs, p);
        var loss = 0.0;
        for (var sample = 0; sample < labels.Length; sample++)
        {
            var own = p + ((long)labels[sample] * Vector) + sample;
            loss -= Math.Log(double.CreateTruncating(*own));
            *own -= T.One;
        }

        for (var row = 0; row < matrix.Outputs && labels.Length < Vector; row++)
        {
            new Span<T>(p + ((long)row * Vector) + labels.Length, Vector - labels.Length).Clear();
        }

        return loss;
    }

    /// <summary>Which class the first step's logits are greatest for; of equals the first.</summary>
    public int Answer(int sample)
    {
        var x = logits.Pointer + sample;
        var greatest = 0;
        for (var label = 1; label < matrix.Outputs; label++)
        {
            greatest = x[label * Vector] > x[greatest * Vector] ? label : greatest;
        }

        return greatest;
    }

    /// <summary>Adds the gradient of weight times the loss of the steps of the last <see cref="Forward"/>, which <see cref="Judge"/> has seen.</summary>
    public void Backward(int first, int count, double weight)
    {
        var factor = T.CreateTruncating(weight);
        for (var step = 0; step < count; step++)
        {
            network.Arithmetic.Scale(factor, gradients.Pointer + (step * outputSize), outputSize);
            network.Arithmetic.AddLanes(gradients.Pointer + (step * outputSize), matrix.Outputs, biasLanes.Pointer);
            inputBySample.Set(step, input.Pointer + ((first + step) * inputSize));
        }

        for (var block = 0; block < matrix.Blocks; block++)
        {
            var start = HeadMatrix<T>.Start(block);
            var own = gradients.Pointer + ((long)start * Vector);
            for (var step = 0; step < count; step++)
            {
                network.Arithmetic.Multiply(
                    matrix.Backward(block), own + (step * outputSize), inputGradient.Pointer + ((first + step) * inputSize), add: block > 0);
            }

            network.Arithmetic.AddOuter(
                own, matrix.Rows(block), outputSize, count, inputBySample, weightSum.Pointer + ((long)start * BatchMajor<T>.Padded(matrix.Columns)));
        }
    }

    /// <summary>gradient[all parameters] += the sums, which are zero again then.</summary>
    public void Collect(T* gradient)
    {
        OuterSums.Collect(weightSum, matrix.Outputs, matrix.Columns, gradient + network.HeadWeight.Start.Value);
        LaneSums.Collect(biasLanes, matrix.Outputs, gradient + network.HeadBiases.Start.Value);
    }

    public void Dispose()
    {
        foreach (var buffer in new[] { logits, gradients, input, inputGradient, weightSum, biasLanes })
        {
            buffer.Dispose();
        }

        inputBySample.Dispose();
    }
}
