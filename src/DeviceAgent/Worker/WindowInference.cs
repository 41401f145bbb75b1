using Fleet.Kernels.Runtime;
using Fleet.Measurement.Sessions;

namespace Fleet.DeviceAgent.Worker;

/// <summary>A whole window a call.</summary>
internal sealed class WindowInference(ModelRunner runner, TestWindows windows, ExpectedOutputs expected, int classes) : IInference
{
    private readonly float[] logits = new float[classes];
    private int window = -1;

    public void Run()
    {
        window = window + 1 == windows.Count ? 0 : window + 1;
        runner.Window(windows.Window(window), windows.Steps, logits);
    }

    public string? CheckOutput() => expected.Compare(logits, window, windows.Steps - 1);
}
