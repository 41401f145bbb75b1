using Fleet.Kernels;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Tasks;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Tests.Support;

/// <summary>Real model files for the synthetic task, small and untrained, and its real test set.</summary>
internal static class SmallModels
{
    public const int TestSamples = 48;

    private static readonly Lazy<(byte[] Training, byte[] Test)> Packs = new(() =>
    {
        var packed = TaskCatalogue.Pack("synthetic-har", null);
        return (Shorten(packed.Training.Bytes), Shorten(packed.Test.Bytes));
    });

    public static byte[] TestSet => Packs.Value.Test;

    public static byte[] TrainingSet => Packs.Value.Training;

    public static byte[] Dense { get; } = Make("dense", 1);

    public static byte[] Hmd { get; } = Make("hmd", 4);

    public static byte[] Make(string method, double compression, string task = "synthetic-har", int hidden = 64)
    {
        var definition = TaskCatalogue.Find("synthetic-har")!;
        var cell = CellAllocator.Allocate(
            new CellShape(CellShape.Lstm, definition.Input, hidden), WeightMethods.Find(method)!, compression, new Dictionary<string, string>());
        var structure = ModelStructure.Classifier(cell, definition.Classes);
        var random = new Random(1);
        var tensors = ModelDocument.Expected(structure)
            .Select(spec => new Tensor(spec.Name, spec.Shape, Enumerable.Range(0, (int)spec.Elements).Select(_ => (float)random.NextDouble() - 0.5f).ToArray()))
            .ToDictionary(tensor => tensor.Name);
        var metadata = new ModelMetadata
        {
            Task = task,
            Metric = definition.Metric,
            Steps = definition.Steps,
            Labels = definition.Labels,
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
