using Fleet.Kernels.Runtime;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>Several sequences in lock-step against the same one after the other. Times are those of all of them.</summary>
internal static class BatchAgainstSingle
{
    private const int Sequences = 24;

    private static readonly (string Method, double Compression)[] Methods = [("dense", 1), ("hmd", 4)];

    public static IEnumerable<Comparison> Run() =>
        from shape in BenchShape.All from method in Methods select Compare(shape, method.Method, method.Compression);

    private static Comparison Compare(BenchShape shape, string method, double compression)
    {
        var document = RandomModel.Create(shape.Model(method, compression), seed: 1);
        var model = SequenceModel.Create(document);
        var (together, single) = (model.CreateBatch(Sequences, shape.Steps), model.CreateRunner(shape.Steps));
        var outputs = document.Structure.Outputs;
        var one = shape.Steps * shape.Input;
        var sequences = Samples.Floats(Sequences * one, 3);
        var transposed = new float[sequences.Length];
        for (var row = 0; row < Sequences * shape.Steps; row++)
        {
            var (sequence, step) = (row / shape.Steps, row % shape.Steps);
            sequences.AsSpan(row * shape.Input, shape.Input).CopyTo(transposed.AsSpan(((step * Sequences) + sequence) * shape.Input));
        }

        var (ours, theirs) = (new float[Sequences * outputs], new float[Sequences * outputs]);
        Together();
        OneByOne();
        Samples.Agree(ours, theirs);
        return Turns.Compare($"{method}-{compression}x-batch-{Sequences}", $"{shape}", "one by one", Together, OneByOne);

        void Together() => together.Run(transposed, shape.Steps, Sequences, eachStep: false, ours);

        void OneByOne()
        {
            for (var sequence = 0; sequence < Sequences; sequence++)
            {
                single.Window(sequences.AsSpan(sequence * one, one), shape.Steps, theirs.AsSpan(sequence * outputs, outputs));
            }
        }
    }
}
