using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>The sum of two products.</summary>
internal sealed class DopedKroneckerMatrixGraph(DopedKroneckerStructure structure) : MatrixGraph
{
    private readonly KroneckerMatrixGraph kronecker = new(structure.Kronecker);
    private readonly PrunedMatrixGraph dope = new(structure.Dope);

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor) =>
        graph.Node("Add", [kronecker.Multiply(graph, x, prefix, tensor), dope.Multiply(graph, x, prefix, tensor)]);

    public override Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant) =>
        kronecker.Weights<T>(constant).Concat(dope.Weights<T>(constant)).ToDictionary();

    public override Dictionary<string, Array> Scales(Func<string, NumericArray> constant) =>
        kronecker.Scales(constant).Concat(dope.Scales(constant)).ToDictionary();
}
