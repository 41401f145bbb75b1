using Fleet.Kernels;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Tasks;
using Fleet.Tasks.Data;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Tests.Support;

/// <summary>Real model files for the synthetic task, small and untrained, and its real test set.</summary>
internal static class SmallModels
{
    public const int TestSamples = 48;
    public const int TestTokens = 1500;

    private static readonly Lazy<(byte[] Training, byte[] Test)> Packs = new(() =>
    {
        var packed = TaskCatalogue.Pack("synthetic-har", null);
        return (Shorten(packed.Training.Bytes), Shorten(packed.Test.Bytes));
    });

    private static readonly Lazy<PackedTokens> Text = new(() => PackedTokens.Read(TaskCatalogue.Pack("synthetic-lm", null).Test.Bytes, "pack"));

    /// <summary>The beginning of synthetic-lm's test stream.</summary>
    public static byte[] TestText { get; } = Cut(TestTokens);

    public static byte[] TestSet => Packs.Value.Test;

    public static byte[] TrainingSet => Packs.Value.Training;

    public static byte[] Dense { get; } = Make("dense", 1);

    public static byte[] Hmd { get; } = Make("hmd", 4);

    public static byte[] Make(string method, double compression, string task = "synthetic-har", int hidden = 64)
    {
        var definition = TaskCatalogue.Find("synthetic-har")!;
        var cell = CellAllocator.Allocate(
            new CellShape(CellShape.Lstm, definition.Input, hidden), WeightMethods.Find(method)!, compression, new Dictionary<string, string>());
        return Write(ModelStructure.Classifier(cell, definition.Classes), definition, definition.Labels, method, task);
    }

    /// <summary>A language model for synthetic-lm.</summary>
    /// <param name="vocabulary">If it is not to be the test stream's.</param>
    public static byte[] Language(string method, double compression, IReadOnlyList<string>? vocabulary = null, int hidden = 32)
    {
        vocabulary ??= Text.Value.Metadata.Labels;
        var shape = new CellShape(CellShape.Lstm, hidden, hidden);
        var cell = CellAllocator.Allocate(shape, WeightMethods.Find(method)!, compression, new Dictionary<string, string>());
        var structure = new ModelStructure(
            new EmbeddingStructure(vocabulary.Count, hidden),
            Normalised: false,
            [new LayerStructure(cell)],
            new HeadStructure(HeadKind.Language, vocabulary.Count));
        var definition = TaskCatalogue.Find("synthetic-lm")!;
        return Write(structure, definition, vocabulary, method, definition.Name);
    }

    private static byte[] Cut(int tokens)
    {
        var whole = SafetensorsFile.Read(TaskCatalogue.Pack("synthetic-lm", null).Test.Bytes, "pack");
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, whole.Metadata, [new Tensor("tokens", [tokens], Text.Value.Tokens[..tokens])]);
        return stream.ToArray();
    }

    private static byte[] Write(ModelStructure structure, TaskDefinition definition, IReadOnlyList<string> labels, string method, string task)
    {
        var random = new Random(1);
        var tensors = ModelDocument.Expected(structure)
            .Select(spec => new Tensor(spec.Name, spec.Shape, Enumerable.Range(0, (int)spec.Elements).Select(_ => (float)random.NextDouble() - 0.5f).ToArray()))
            .ToDictionary(tensor => tensor.Name);
        var metadata = new ModelMetadata
        {
            Task = task,
            Metric = definition.Metric,
            Steps = definition.Steps,
            Labels = labels,
            Method = method,
            VariantName = method,
            Variant = "0123456789abcdef0123456789abcdef",
            Seed = 1,
            NumericsVersion = NumericsVersion.Current,
        };
        using var stream = new MemoryStream();
        ModelFile.Write(stream, new ModelDocument(metadata, structure, tensors));
        return stream.ToArray();
    }

    /// <summary>The pack with every n-th of its sequences: these tests also run on kernels that were built without optimisation.</summary>
    private static byte[] Shorten(byte[] pack)
    {
        var (whole, data) = (SafetensorsFile.Read(pack, "pack"), PackedSet.Read(pack, "pack").Data);
        int[] kept = [.. Enumerable.Range(0, TestSamples).Select(sample => sample * data.Samples / TestSamples)];
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, whole.Metadata,
        [
            new Tensor("inputs", [kept.Length, data.Steps, data.Features], kept.SelectMany(sample => data.Sequence(sample).ToArray()).ToArray()),
            new Tensor("labels", [kept.Length], kept.Select(sample => data.Labels[sample]).ToArray()),
        ]);
        return stream.ToArray();
    }
}
