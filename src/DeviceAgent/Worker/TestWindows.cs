using Fleet.Tasks.Data;

namespace Fleet.DeviceAgent.Worker;

/// <summary>The inputs that are timed: a few whole sequences of the test set, spread over it, one behind the other in memory.</summary>
internal sealed class TestWindows
{
    private const int Most = 16;

    public TestWindows(SequenceSet set)
    {
        Count = Math.Min(Most, set.Samples);
        Steps = set.Steps;
        Features = set.Features;
        Inputs = new float[Count * Steps * Features];
        for (var window = 0; window < Count; window++)
        {
            set.Sequence((int)((long)window * set.Samples / Count)).CopyTo(Inputs.AsSpan(window * Steps * Features));
        }
    }

    public int Count { get; }

    public int Steps { get; }

    public int Features { get; }

    /// <summary>[count, steps, features]</summary>
    public float[] Inputs { get; }

    public ReadOnlySpan<float> Window(int window) => Inputs.AsSpan(window * Steps * Features, Steps * Features);

    public ReadOnlySpan<float> Step(int window, int step) => Inputs.AsSpan(((window * Steps) + step) * Features, Features);
}
