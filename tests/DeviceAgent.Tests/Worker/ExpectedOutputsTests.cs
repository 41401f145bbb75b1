using Fleet.DeviceAgent.Tests.Support;
using Fleet.DeviceAgent.Worker;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Tests.Worker;

public sealed class ExpectedOutputsTests
{
    private readonly TestInputs windows = TestInputs.Of(TaskPack.Read(SmallModels.TestSet, "test set"));
    private readonly ModelDocument document = ModelFile.Read(SmallModels.Hmd, "model");

    [Fact]
    public void The_vector_kernels_agree_in_both_modes_and_one_wrong_logit_is_seen()
    {
        var expected = new ExpectedOutputs(document, windows);
        var runner = SequenceModel.Create(document).CreateRunner(windows.Steps);
        var logits = new float[document.Metadata.Labels.Count];
        var last = windows.Steps - 1;

        windows.RunWindow(runner, 3, logits);
        Assert.Null(expected.Compare(logits, 3, last));
        runner.Reset();
        for (var step = 0; step < windows.Steps; step++)
        {
            windows.RunStep(runner, 3, step, logits);
            Assert.Null(expected.Compare(logits, 3, step));
        }

        Assert.NotNull(expected.Compare(logits, 2, last));
        logits[1] += 0.01f;
        Assert.Contains("window 3, step 127, class 1", expected.Compare(logits, 3, last), StringComparison.Ordinal);
        logits[1] = float.NaN;
        Assert.NotNull(expected.Compare(logits, 3, last));
    }

    [Fact]
    public void The_timed_windows_are_spread_over_the_test_set()
    {
        var data = PackedSet.Read(SmallModels.TestSet, "test set").Data;
        var runner = SequenceModel.Create(document).CreateRunner(windows.Steps);
        var (expected, found) = (new float[document.Structure.Outputs], new float[document.Structure.Outputs]);

        Assert.Equal(16, windows.Count);
        runner.Window(data.Sequence(45), data.Steps, expected);
        windows.RunWindow(runner, 15, found);
        Assert.Equal(expected, found);
        runner.Reset();
        runner.Step(data.Sequence(3).Slice(5 * data.Features, data.Features), expected);
        runner.Reset();
        windows.RunStep(runner, 1, 5, found);
        Assert.Equal(expected, found);
    }
}
