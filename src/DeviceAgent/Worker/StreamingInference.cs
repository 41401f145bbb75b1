using Fleet.Kernels.Runtime;
using Fleet.Measurement.Models;

namespace Fleet.DeviceAgent.Worker;

/// <summary>One step a call, the state kept from call to call and forgotten at the beginning of a window.</summary>
internal sealed class StreamingInference(ModelRunner runner, TestInputs test, ExpectedOutputs expected, int classes) : IInference
{
    private readonly float[] logits = new float[classes];
    private int window = -1;
    private int step = -1;

    public void Run()
    {
        step++;
        if (window < 0 || step == test.Steps)
        {
            step = 0;
            window = window + 1 == test.Count ? 0 : window + 1;
            runner.Reset();
        }

        test.RunStep(runner, window, step, logits);
    }

    public string? CheckOutput() => expected.Compare(logits, window, step);
}
