using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>What the way back through time needs at each moment: gradients of the state, and of the last few steps' sums.</summary>
internal sealed unsafe class ShardGradients<T>(LstmNetwork<T> network) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = Shard.Samples;
    // Weight gradients go by whole panels and may read that many rows past the last one.
    private const int Slack = PackedMatrix<T>.TallPanel * Vector;

    private readonly AlignedBuffer<T> output = new(network.Hidden * Vector);
    private readonly AlignedBuffer<T> cell = new(network.Hidden * Vector);
    private readonly AlignedBuffer<T> sums = Slots(4 * network.Hidden);
    private readonly AlignedBuffer<T> inputSensitivities = Slots(network.Input.SensitivityRows);
    private readonly AlignedBuffer<T> recurrentSensitivities = Slots(network.Recurrent.SensitivityRows);

    public AlignedBuffer<T> BiasLanes { get; } = new(4L * network.Hidden * Shard.Lanes);

    public BatchMajor<T> InputBySample { get; } = new(network.Features, Shard.GradientSteps);

    public BatchMajor<T> OutputBySample { get; } = new(network.Hidden, Shard.GradientSteps);

    /// <summary>dL/dh of the step that is looked at.</summary>
    public T* Output => output.Pointer;

    /// <summary>dL/dc of the step that is looked at.</summary>
    public T* Cell => cell.Pointer;

    /// <summary>dL/d(sums of the gates).</summary>
    public T* Sums(int slot) => sums.Pointer + (4L * slot * network.Hidden * Vector);

    public T* InputSensitivity(int slot) => inputSensitivities.Pointer + ((long)slot * network.Input.SensitivityRows * Vector);

    public T* RecurrentSensitivity(int slot) => recurrentSensitivities.Pointer + ((long)slot * network.Recurrent.SensitivityRows * Vector);

    public void Start() => cell.Clear();

    public void Dispose()
    {
        foreach (var buffer in new[] { output, cell, sums, inputSensitivities, recurrentSensitivities, BiasLanes })
        {
            buffer.Dispose();
        }

        InputBySample.Dispose();
        OutputBySample.Dispose();
    }

    private static AlignedBuffer<T> Slots(int rows) => new(((long)rows * Shard.GradientSteps * Vector) + Slack);
}
