using CsCheck;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.Tests.Support;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;

namespace Fleet.Interchange.Tests.Onnx;

public sealed class RoundTripTests
{
    private const int Steps = 6;
    private const int Batch = 2;
    private const double Tolerance = 1e-5;
    private const double Int8Tolerance = 0.01;

    public static TheoryData<string, string> CellsAndMethods()
    {
        var data = new TheoryData<string, string>();
        foreach (var cell in RandomStructure.Cells)
        {
            foreach (var method in RandomStructure.Methods)
            {
                data.Add(cell, method);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(CellsAndMethods))]
    public void Export_import_and_ONNX_Runtime_agree(string cell, string method) =>
        RandomStructure.Of(cell, method).Select(Gen.Int[0, 1_000_000]).Sample(
            (structure, seed) =>
            {
                var document = RandomModel.Create(structure, seed);
                var bytes = OnnxModelFile.ToBytes(document);
                var input = Input(structure, seed);
                var own = SequenceRun.Run(document, input, batchFirst: false, lastOnly: false);
                AssertNear(own, Peer.Run(bytes, ("input", input))[0], "ONNX Runtime");

                var back = OnnxModelFile.Read(bytes, "exported.onnx");
                Assert.Empty(back.LeftOut);
                AssertNear(own, SequenceRun.Run(back.Document, input, batchFirst: false, lastOnly: false), "the model read back");
                AssertSame(document, back.Document);
            },
            iter: 12);

    /// <summary>
    /// The state that a step leaves differs in its last digits, and where it lies between two bytes the next step rounds it to the other one:
    /// so outputs agree to some of the states' rounding steps, while what is read back is the same to the bit.
    /// </summary>
    [Theory]
    [MemberData(nameof(CellsAndMethods))]
    public void In_int8_what_is_read_back_is_the_same_and_ONNX_Runtime_agrees_to_the_rounding_of_the_states(string cell, string method) =>
        RandomStructure.Of(cell, method).Select(Gen.Int[0, 1_000_000]).Sample(
            (structure, seed) =>
            {
                var document = Quantiser.Quantise(RandomModel.Create(structure, seed));
                var bytes = OnnxModelFile.ToBytes(document);
                var input = Input(structure, seed);
                var own = SequenceRun.Run(document, input, batchFirst: false, lastOnly: false);
                AssertNear(own, Peer.Run(bytes, ("input", input))[0], "ONNX Runtime", Int8Tolerance);
                var back = OnnxModelFile.Read(bytes, "exported.onnx");
                AssertSame(document, back.Document);
                Assert.Equal(own.Data, SequenceRun.Run(back.Document, input, batchFirst: false, lastOnly: false).Data);
            },
            iter: 6);

    [Theory]
    [MemberData(nameof(CellsAndMethods))]
    public void One_step_at_a_time_ONNX_Runtime_gives_the_same_with_the_states_passed_on(string cell, string method) =>
        RandomStructure.Of(cell, method, streaming: true).Select(Gen.Int[0, 1_000_000]).Sample(
            (structure, seed) =>
            {
                var document = RandomModel.Create(structure, seed);
                var input = Input(structure, seed);
                var width = input.Data.Length / (Steps * Batch);
                var states = structure.Layers.SelectMany((layer, index) => (layer.Shape.HasMemory ? new[] { "h", "c" } : ["h"])
                    .Select(name =>
                        (Name: $"{name}.{index}", Value: new NumericArray([1, Batch, layer.Shape.Hidden], new float[Batch * layer.Shape.Hidden])))).ToArray();
                var bytes = OnnxModelFile.ToStepBytes(document);
                var outputs = new List<float>();
                for (var step = 0; step < Steps; step++)
                {
                    int[] shape = [1, .. input.Shape.Skip(1)];
                    var x = input.Pick(shape, [.. Enumerable.Range(step * Batch * width, Batch * width)]);
                    // Outputs come in the graph's order: the states first, as each layer adds its own.
                    var results = Peer.Run(bytes, [("input", x), .. states]);
                    states = [.. states.Select((state, index) => (state.Name, results[index]))];
                    outputs.AddRange(results[^1].ToFloats());
                }

                if (structure.AnswersEachStep)
                {
                    AssertNear(
                        SequenceRun.Run(document, input, batchFirst: false, lastOnly: false),
                        new NumericArray([Steps, Batch, structure.Outputs], outputs.ToArray()),
                        "ONNX Runtime");
                }
                else
                {
                    AssertNear(
                        SequenceRun.Run(document, input, batchFirst: false, lastOnly: true),
                        new NumericArray([Batch, structure.Outputs], outputs.TakeLast(Batch * structure.Outputs).ToArray()),
                        "ONNX Runtime");
                }
            },
            iter: 3);

    /// <summary>Every structure and every weight comes back as it was.</summary>
    private static void AssertSame(ModelDocument expected, ModelDocument found)
    {
        Assert.Equal(expected.Structure, found.Structure);
        Assert.Equal(expected.Metadata.Labels, found.Metadata.Labels);
        Assert.Equal(expected.Metadata.Variant, found.Metadata.Variant);
        foreach (var (name, tensor) in expected.Tensors)
        {
            Assert.Equal(tensor.Data, found.Tensors[name].Data);
        }
    }

    private static void AssertNear(NumericArray expected, NumericArray found, string who, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Shape, found.Shape);
        var scale = expected.ToFloats().Max(MathF.Abs);
        var difference = expected.ToFloats().Zip(found.ToFloats(), (one, other) => Math.Abs((double)one - other)).Max();
        Assert.True(difference <= tolerance * scale, $"{who} differs by {difference / scale:g3} of the largest output.");
    }

    private static NumericArray Input(ModelStructure structure, int seed)
    {
        var random = new Random(seed);
        return structure.Embedding is { } embedding
            ? new NumericArray([Steps, Batch], Enumerable.Range(0, Steps * Batch).Select(_ => (long)random.Next(embedding.Vocabulary)).ToArray())
            : new NumericArray(
                [Steps, Batch, structure.Features],
                Enumerable.Range(0, Steps * Batch * structure.Features).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray());
    }
}
