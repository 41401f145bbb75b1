using BenchmarkDotNet.Attributes;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;

namespace Fleet.Bench;

/// <summary>Loading a model of about 10 MB: reading and checking the file, and packing it to run.</summary>
public class ModelFileBenchmarks
{
    private byte[] file = [];
    private ModelDocument document = null!;

    [GlobalSetup]
    public void Setup()
    {
        document = Samples.Model("dense", 200, 700, 1);
        var stream = new MemoryStream();
        ModelFile.Write(stream, document);
        file = stream.ToArray();
    }

    [Benchmark]
    public ModelDocument Read() => ModelFile.Read(file, "bench");

    [Benchmark]
    public SequenceModel Pack() => SequenceModel.Create(document);
}
