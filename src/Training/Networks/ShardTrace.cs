using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>What a run through time leaves for the way back: vectors [rows, samples] for each step.</summary>
internal sealed unsafe class ShardTrace<T>(LstmNetwork<T> network, int steps) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = Shard.Samples;

    private readonly long hiddenSize = network.Hidden * Vector;
    private readonly AlignedBuffer<T> inputs = new((long)steps * network.Features * Vector);
    private readonly AlignedBuffer<T> gates = new(4L * steps * network.Hidden * Vector);
    private readonly AlignedBuffer<T> cells = new((steps + 1L) * network.Hidden * Vector);
    private readonly AlignedBuffer<T> cellTanhs = new((long)steps * network.Hidden * Vector);
    private readonly AlignedBuffer<T> outputs = new((steps + 1L) * network.Hidden * Vector);
    private readonly AlignedBuffer<T> inputTraces = new((long)steps * network.Input.TraceRows * Vector);
    private readonly AlignedBuffer<T> recurrentTraces = new((long)steps * network.Recurrent.TraceRows * Vector);

    public T* Input(int step) => inputs.Pointer + ((long)step * network.Features * Vector);

    public T* Gates(int step) => gates.Pointer + (4 * step * hiddenSize);

    /// <summary>The state before this step; before the first it is zero.</summary>
    public T* Cell(int step) => cells.Pointer + (step * hiddenSize);

    public T* CellTanh(int step) => cellTanhs.Pointer + (step * hiddenSize);

    /// <summary>The output before this step; before the first it is zero.</summary>
    public T* Output(int step) => outputs.Pointer + (step * hiddenSize);

    public T* InputTrace(int step) => inputTraces.Pointer + ((long)step * network.Input.TraceRows * Vector);

    public T* RecurrentTrace(int step) => recurrentTraces.Pointer + ((long)step * network.Recurrent.TraceRows * Vector);

    /// <summary>Brings the chosen sequences into vectors over samples; zeros where there are fewer than a shard holds.</summary>
    public void SetInputs(Sequences<T> data, ReadOnlySpan<int> samples)
    {
        if (samples.Length < Vector)
        {
            inputs.Clear();
        }

        var size = steps * network.Features;
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

    public void Dispose()
    {
        foreach (var buffer in new[] { inputs, gates, cells, cellTanhs, outputs, inputTraces, recurrentTraces })
        {
            buffer.Dispose();
        }
    }
}
