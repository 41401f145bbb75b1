using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>A model of random weights at work, as an action to be timed.</summary>
internal static class Runs
{
    public static Action Window(BenchShape shape, ModelStructure structure)
    {
        var runner = SequenceModel.Create(RandomModel.Create(structure, seed: 1)).CreateRunner(shape.Steps);
        var sequence = Samples.Floats(shape.Steps * shape.Input, 3);
        var output = new float[structure.Outputs];
        return () => runner.Window(sequence, shape.Steps, output);
    }

    public static Action Step(BenchShape shape, ModelStructure structure)
    {
        var runner = SequenceModel.Create(RandomModel.Create(structure, seed: 1)).CreateRunner(1);
        var x = Samples.Floats(shape.Input, 3);
        var output = new float[structure.Outputs];
        return () => runner.Step(x, output);
    }
}
