using Fleet.Interchange.Onnx;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;
using static Fleet.Interchange.Onnx.Files.GraphWriter;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>Small valid files of every kind, for mutations to start from.</summary>
internal static class FuzzSeeds
{
    public static ModelDocument Plain() => RandomModel.Create(
        new ModelStructure(
            null,
            Normalised: true,
            [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, 3, 4) { Peepholes = true }))],
            new HeadStructure(HeadKind.Sequence, 2, Softmax: true)), 1);

    public static ModelDocument Structured() => RandomModel.Create(
        new ModelStructure(
            new EmbeddingStructure(5, 3),
            Normalised: false,
            [new LayerStructure(new CellStructure(new CellShape(CellShape.Lstm, 3, 8), new DenseStructure(4, 8, 3), new HmdStructure(4, 8, 8, 2, 2)))],
            new HeadStructure(HeadKind.Language, 5)), 2);

    public static IReadOnlyList<byte[]> OnnxFiles() =>
        [OnnxModelFile.ToBytes(Plain()), OnnxModelFile.ToBytes(Structured()), OnnxModelFile.ToBytes(Quantiser.Quantise(Structured())), Foreign(9), Foreign(14)];

    private static byte[] Foreign(int opset)
    {
        var made = new ForeignGraph(opset, DataType.Float, "batch", "steps", 3);
        var graph = made.Graph;
        var batch = graph.Node("Gather", [graph.Node("Shape", ["x"]), graph.Integers(0)], Attribute("axis", 0));
        var zeros = graph.Node("ConstantOfShape", [graph.Node("Concat", [graph.Integers(2), batch, graph.Integers(4)], Attribute("axis", 0))]);
        var y = made.Recurrent("GRU", made.Transpose("x", 1, 0, 2), 3, 4, "bidirectional", zeros)[0];
        var all = graph.Node("Reshape", [made.Transpose(y, 0, 2, 1, 3), graph.Integers(0, 0, -1)]);
        return made.Bytes(made.Transpose(graph.Node("MatMul", [all, made.Weights(8, 2)]), 1, 0, 2));
    }
}
