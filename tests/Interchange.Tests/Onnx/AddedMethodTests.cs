using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.Tests.Support;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;
using Fleet.Kernels.Tests.Structures;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>docs/adding-a-method.md is right: what a method says of its product in Kernels is all that an ONNX file of it takes.</summary>
public sealed class AddedMethodTests
{
    private const int Steps = 7;
    private const int Batch = 2;
    private const int Features = 10;

    private static readonly MethodRegistry Methods = WeightMethods.Registry.With(new BlockDiagonalMethod());

    // In int8 the states differ in their last digits, and where one lies between two bytes it is rounded to the other.
    [Theory]
    [InlineData("lstm", Precision.Fp32, 1e-5)]
    [InlineData("gru-reset-before", Precision.Fp32, 1e-5)]
    [InlineData("lstm", Precision.Int8, 0.01)]
    [InlineData("gru-reset-before", Precision.Int8, 0.01)]
    public void A_model_of_it_is_written_as_ONNX_run_by_ONNX_Runtime_and_read_back(string cell, Precision precision, double tolerance)
    {
        var structure = ModelStructure.Classifier(
            CellAllocator.Allocate(
                RandomStructure.Shape(cell, Features, 17),
                Methods.Find("block-diagonal")!,
                2.5,
                new Dictionary<string, string> { ["input"] = "compressed" }), 5);
        Assert.All(structure.Layers[0].Cells[0].Matrices, pair => Assert.IsType<BlockDiagonalStructure>(pair.Matrix));
        var document = RandomModel.Create(structure, 4);
        document = precision == Precision.Int8 ? Quantiser.Quantise(document) : document;
        var bytes = OnnxModelFile.ToBytes(document);
        var random = new Random(2);
        var input = new NumericArray(
            [Steps, Batch, Features], Enumerable.Range(0, Steps * Batch * Features).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray());

        var own = SequenceRun.Run(document, input, batchFirst: false, lastOnly: false).ToFloats();
        var peer = Peer.Run(bytes, ("input", input))[0].ToFloats();
        Assert.Equal(own.Length, peer.Length);
        var scale = own.Max(MathF.Abs);
        Assert.All(own.Zip(peer), pair => Assert.InRange(Math.Abs((double)pair.First - pair.Second), 0, tolerance * scale));

        var back = OnnxModelFile.Read(bytes, "added.onnx", methods: Methods).Document;
        Assert.Equal(document.Structure, back.Structure);
        Assert.All(document.Tensors, pair => Assert.Equal(pair.Value.Data, back.Tensors[pair.Key].Data));
        Assert.Contains("method 'block-diagonal' is unknown", Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(bytes, "added.onnx")).Message);
    }
}
