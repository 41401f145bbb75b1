using Fleet.Kernels.Runtime;
using Fleet.Measurement.Models;

namespace Fleet.DeviceAgent.Worker;

/// <summary>A whole window a call.</summary>
internal sealed class WindowInference(ModelRunner runner, TestInputs test, ExpectedOutputs expected, int classes) : IInference
{
    private readonly float[] logits = new float[test.Answers * classes];
    private int window = -1;

    public void Run()
    {
        window = window + 1 == test.Count ? 0 : window + 1;
        test.RunWindow(runner, window, logits);
    }

    public string? CheckOutput()
    {
        for (var answer = 0; answer < test.Answers; answer++)
        {
            if (expected.Compare(logits.AsSpan(answer * classes, classes), window, test.Steps - test.Answers + answer) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }
}
