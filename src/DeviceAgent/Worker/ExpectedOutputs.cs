using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;

namespace Fleet.DeviceAgent.Worker;

/// <summary>
/// What a model must say after each step of the timed windows, or after the last where it needs a window at once. Worked out by the
/// scalar kernels, a step at a time where that can be, so that the vector path and the window mode are checked against something
/// other than themselves, and on weights of their own, so that the timed ones are still cold.
/// </summary>
internal sealed class ExpectedOutputs
{
    /// <summary>Of the greatest expected logit, and at least of 1: float sums in another order, carried on over a window's steps.</summary>
    private const float Tolerance = 1e-3f;

    /// <summary>Multiply-accumulates that may be spent on it: a few seconds of a slow core's scalar arithmetic.</summary>
    private const long MaxMacs = 2_000_000_000;

    /// <summary>Answers of a large vocabulary are kept of fewer windows: 4 MB.</summary>
    private const int MaxFloats = 1 << 20;

    private readonly float[] logits;
    private readonly int windows;
    private readonly int steps;
    private readonly int classes;
    private readonly float allowed;

    public ExpectedOutputs(ModelDocument document, TestInputs test)
    {
        steps = test.Steps;
        classes = document.Structure.Outputs;
        var model = SequenceModel.Create(document, SimdLevel.Scalar);
        windows = (int)Math.Clamp(Math.Min(MaxMacs / (model.MacsPerStep * steps), MaxFloats / ((long)steps * classes)), 1, test.Count);
        logits = new float[windows * steps * classes];
        var runner = model.CreateRunner(steps);
        for (var window = 0; window < windows; window++)
        {
            if (!document.Structure.CanStream)
            {
                test.RunWindow(runner, window, logits.AsSpan(((window * steps) + steps - 1) * classes, classes));
                continue;
            }

            runner.Reset();
            for (var step = 0; step < steps; step++)
            {
                test.RunStep(runner, window, step, logits.AsSpan(((window * steps) + step) * classes, classes));
            }
        }

        allowed = Tolerance * Math.Max(1, logits.Max(Math.Abs));
    }

    /// <summary>
    /// Null if the output agrees, or nothing was worked out for it; else the difference in plain words. Allocates nothing when it agrees.
    /// </summary>
    public string? Compare(ReadOnlySpan<float> output, int window, int step)
    {
        if (window >= windows)
        {
            return null;
        }

        var expected = logits.AsSpan(((window * steps) + step) * classes, classes);
        for (var label = 0; label < classes; label++)
        {
            // Written so that NaN does not pass.
            if (!(Math.Abs(output[label] - expected[label]) <= allowed))
            {
                return $"window {window}, step {step}, class {label}: {output[label]} instead of {expected[label]}, more than {allowed} apart";
            }
        }

        return null;
    }
}
