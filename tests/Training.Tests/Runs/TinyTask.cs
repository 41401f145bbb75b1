using Fleet.Domain.Recipes;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Training.Runs;

namespace Fleet.Training.Tests.Runs;

/// <summary>A task that a small network learns in a second: which of three tones runs through the noise.</summary>
internal static class TinyTask
{
    public const int Steps = 20;
    public const int Features = 3;
    public const int Samples = 240;

    public static IReadOnlyList<string> Labels { get; } = ["slow", "middle", "fast"];

    public static TheoryData<string, double> Methods { get; } = new()
    {
        { "dense", 1 },
        { "hmd", 2 },
        { "lmf", 2 },
        { "pruned", 3 },
        { "block-sparse", 2 },
        { "kronecker", 3 },
        { "doped-kronecker", 3 },
        { "small", 2 },
    };

    public static SequenceSet Data { get; } = Make();

    public static Recipe Recipe(string method, double compression, int epochs = 12, double learningRate = 0.02) => new()
    {
        Cell = CellShape.Lstm,
        Hidden = 16,
        Method = method,
        Compression = compression,
        Training = new TrainingSettings { Epochs = epochs, BatchSize = 48, LearningRate = learningRate, ValidationFraction = 0.2 },
    };

    public static TrainingPlan Plan(string method, double compression, int epochs = 12, long seed = 1) =>
        TrainingPlan.Of(Recipe(method, compression, epochs), seed, Data, Labels);

    private static SequenceSet Make()
    {
        var random = new Xoshiro256(77);
        var inputs = new float[Samples * Steps * Features];
        var labels = new ushort[Samples];
        for (var sample = 0; sample < Samples; sample++)
        {
            labels[sample] = (ushort)(sample % 3);
            var phase = random.Uniform();
            for (var step = 0; step < Steps; step++)
            {
                var at = ((sample * Steps) + step) * Features;
                var turns = phase + (step * (0.05 + (0.1 * labels[sample])));
                inputs[at] = (float)(PortableMath.SinTurns(turns) + (0.3 * random.Normal()));
                inputs[at + 1] = (float)(PortableMath.CosTurns(turns) + (0.3 * random.Normal()));
                inputs[at + 2] = (float)random.Normal();
            }
        }

        return new SequenceSet(Steps, Features, inputs, labels);
    }
}
