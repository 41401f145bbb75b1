using System.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;

namespace Fleet.Training.Networks;

/// <summary>
/// Runs up to <see cref="Shard.Samples"/> sequences through the network and back through time, and sums their gradients.
/// All memory is taken once. Used by one thread at a time.
/// </summary>
internal sealed unsafe class LstmShard<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = Shard.Samples;

    private readonly LstmNetwork<T> network;
    private readonly BatchArithmetic<T> arithmetic;
    private readonly int steps;
    private readonly int hiddenSize;
    private readonly MatrixShard<T> input;
    private readonly MatrixShard<T> recurrent;
    private readonly ShardTrace<T> trace;
    private readonly ShardGradients<T> gradients;
    private readonly SoftmaxHead<T> head;

    public LstmShard(LstmNetwork<T> network, int steps)
    {
        this.network = network;
        this.steps = steps;
        arithmetic = network.Arithmetic;
        hiddenSize = network.Hidden * Vector;
        input = network.Input.CreateShard(arithmetic);
        recurrent = network.Recurrent.CreateShard(arithmetic);
        trace = new ShardTrace<T>(network, steps);
        gradients = new ShardGradients<T>(network);
        head = new SoftmaxHead<T>(network);
    }

    /// <summary>[classes, samples], of the last <see cref="Forward"/>.</summary>
    public ReadOnlySpan<T> Logits => head.Logits;

    /// <summary>Runs the chosen sequences; at most <see cref="Shard.Samples"/>. Those that are not there are zeros.</summary>
    public void Forward(Sequences<T> data, ReadOnlySpan<int> samples)
    {
        trace.SetInputs(data, samples);
        for (var step = 0; step < steps; step++)
        {
            var gates = trace.Gates(step);
            arithmetic.Fill(network.Bias, 4 * network.Hidden, gates);
            input.Forward(trace.Input(step), gates, trace.InputTrace(step));
            recurrent.Forward(trace.Output(step), gates, trace.RecurrentTrace(step));
            arithmetic.GatesForward(
                network.Hidden, gates, trace.Cell(step), trace.Cell(step + 1), trace.CellTanh(step), trace.Output(step + 1));
        }

        head.Forward(trace.Output(steps));
    }

    /// <summary>Sum of the cross-entropies of the sequences of the last <see cref="Forward"/>, and how many of them were right.</summary>
    public (double Loss, int Right) Judge(Sequences<T> data, ReadOnlySpan<int> samples) => head.Judge(data.Labels, samples);

    /// <summary>
    /// Adds the gradient of <paramref name="weight"/> times the sum of the cross-entropies to the sums of this shard.
    /// <see cref="Judge"/> has been called.
    /// </summary>
    public void Backward(double weight)
    {
        gradients.Start();
        head.Backward(weight, trace.Output(steps), gradients.Output);
        for (var last = steps - 1; last >= 0; last -= Shard.GradientSteps)
        {
            var count = Math.Min(Shard.GradientSteps, last + 1);
            for (var slot = 0; slot < count; slot++)
            {
                StepBack(last - slot, slot);
            }

            AddGradients(last, count);
        }
    }

    /// <summary>gradient[parameters] += this shard's sums, which are zero again then.</summary>
    public void Collect(T* gradient)
    {
        input.Collect(gradient);
        recurrent.Collect(gradient + network.Layout.Recurrent.Start.Value);
        LaneSums.Collect(gradients.BiasLanes, 4 * network.Hidden, gradient + network.Layout.Bias.Start.Value);
        head.Collect(gradient + network.Layout.HeadWeight.Start.Value, gradient + network.Layout.HeadBias.Start.Value);
    }

    public void Dispose()
    {
        input.Dispose();
        recurrent.Dispose();
        trace.Dispose();
        gradients.Dispose();
        head.Dispose();
    }

    private void StepBack(int step, int slot)
    {
        var sums = gradients.Sums(slot);
        arithmetic.GatesBackward(
            network.Hidden, trace.Gates(step), trace.Cell(step), trace.CellTanh(step), gradients.Output, gradients.Cell, sums);
        arithmetic.AddLanes(sums, 4 * network.Hidden, gradients.BiasLanes.Pointer);
        recurrent.Backward(sums, gradients.Output, gradients.RecurrentSensitivity(slot));
        // Nothing lies below the input, but its matrix may need what only Backward computes.
        input.Backward(sums, null, gradients.InputSensitivity(slot));
        gradients.InputBySample.Set(slot, trace.Input(step));
        gradients.OutputBySample.Set(slot, trace.Output(step));
    }

    private void AddGradients(int last, int count)
    {
        input.AddGradient(new GradientBlock<T>
        {
            Steps = count,
            X = trace.Input(last),
            XStride = -network.Features * Vector,
            XBySample = gradients.InputBySample,
            Dy = gradients.Sums(0),
            DyStride = 4L * hiddenSize,
            Trace = trace.InputTrace(last),
            TraceStride = -network.Input.TraceRows * Vector,
            Sensitivity = gradients.InputSensitivity(0),
            SensitivityStride = network.Input.SensitivityRows * Vector,
        });
        recurrent.AddGradient(new GradientBlock<T>
        {
            Steps = count,
            X = trace.Output(last),
            XStride = -hiddenSize,
            XBySample = gradients.OutputBySample,
            Dy = gradients.Sums(0),
            DyStride = 4L * hiddenSize,
            Trace = trace.RecurrentTrace(last),
            TraceStride = -network.Recurrent.TraceRows * Vector,
            Sensitivity = gradients.RecurrentSensitivity(0),
            SensitivityStride = network.Recurrent.SensitivityRows * Vector,
        });
    }
}
