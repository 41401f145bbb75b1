using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx.Export.Products;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Onnx.Export;

/// <summary>
/// A whole model as a graph. <c>input</c>: [steps, batch, features], or tokens [steps, batch]. <c>output</c>: [batch, outputs] where the
/// model answers whole sequences, else [steps, batch, outputs].
/// </summary>
/// <remarks>
/// A model of dense LSTM, GRU and RNN layers is written with ONNX's operators; where any layer is of another cell or structure, all are
/// written as Scans, whose bodies have the MatMuls of the structure.
/// </remarks>
internal static class ModelGraph
{
    /// <summary>Operators of this version are written.</summary>
    public const int Opset = 14;

    public const string Input = "input";
    public const string Output = "output";

    /// <summary>Whether every layer is one of ONNX's own operators.</summary>
    public static bool IsPlain(ModelStructure structure) => structure.Precision == Precision.Fp32 && structure.Layers.All(OperatorLayer.Fits);

    /// <param name="tensor">Gives a tensor by its name; null for a graph whose initialisers have no data.</param>
    public static GraphProto Write(ModelStructure structure, Func<string, Tensor>? tensor)
    {
        var graph = new GraphWriter("fleet", withData: tensor is not null, structure.Precision);
        var data = tensor ?? (name => throw new InvalidOperationException($"{name} is asked for, but the graph has no data."));
        var x = Begin(graph, structure, "steps", data);
        var (all, last) = (x, x);
        for (var index = 0; index < structure.Layers.Count; index++)
        {
            (all, last) = IsPlain(structure)
                ? OperatorLayer.Write(graph, structure.Layers[index], index, all, data)
                : ScanLayer.Write(graph, structure.Layers[index], index, all, data);
        }

        End(graph, structure, structure.AnswersEachStep ? all : last, structure.AnswersEachStep ? ["steps", "batch"] : ["batch"], data);
        return graph.Graph;
    }

    /// <summary>
    /// One step of a model that can be run step by step. <c>input</c>: [1, batch, features], or tokens [1, batch]; <c>output</c>: [1, batch, outputs].
    /// Each layer's state goes in as <c>h.0</c>, <c>c.0</c> and comes out as <c>h.0.next</c>, <c>c.0.next</c>: [1, batch, hidden].
    /// </summary>
    /// <exception cref="NotSupportedException">A layer reads the sequence from its end.</exception>
    public static GraphProto WriteStep(ModelStructure structure, Func<string, Tensor> tensor)
    {
        if (!structure.CanStream)
        {
            throw new NotSupportedException("The model reads sequences from their end, so it cannot be run step by step.");
        }

        var graph = new GraphWriter("fleet_step", withData: true, structure.Precision);
        var x = Begin(graph, structure, 1, tensor);
        foreach (var (index, layer) in structure.Layers.Index())
        {
            string[] states = [.. (layer.Shape.HasMemory ? new[] { "h", "c" } : ["h"]).Select(name => $"{name}.{index}")];
            foreach (var state in states)
            {
                graph.Input(state, TensorProto.Types.DataType.Float, 1, "batch", layer.Shape.Hidden);
            }

            var next = IsPlain(structure) ? OperatorLayer.Step(graph, layer, index, x, states, tensor) : ScanLayer.Step(graph, layer, index, x, states, tensor);
            x = next[0];
            foreach (var (state, value) in states.Zip(next))
            {
                graph.Named($"{state}.next", "Identity", [value]);
                graph.Output($"{state}.next", 1, "batch", layer.Shape.Hidden);
            }
        }

        End(graph, structure, x, [1, "batch"], tensor);
        return graph.Graph;
    }

    /// <summary>The tensors of a model that was written as Scans, from the graph's constants.</summary>
    /// <exception cref="InvalidOperationException">A constant is missing or has another shape.</exception>
    public static Dictionary<string, Tensor> Restore(ModelStructure structure, IReadOnlyDictionary<string, NumericArray> constants)
    {
        var elements = new Dictionary<string, Array>(StringComparer.Ordinal);
        for (var index = 0; index < structure.Layers.Count; index++)
        {
            var layer = structure.Layers[index];
            for (var place = 0; place < layer.Cells.Count; place++)
            {
                var prefix = ModelDocument.CellPrefix(index, layer.IsReverse(place));
                foreach (var (name, matrix) in layer.Cells[place].Matrices)
                {
                    foreach (var (part, data) in ProductConstants.Restore(matrix, structure.Precision, constant => Constant($"{prefix}{name}.{constant}")))
                    {
                        elements.Add($"{prefix}{name}.{part}", data);
                    }
                }
            }
        }

        if (structure.Head.Kind != HeadKind.None)
        {
            foreach (var (part, data) in ProductConstants.Restore(ModelDocument.HeadMatrix(structure), structure.Precision, constant =>
                Constant(ModelDocument.HeadPrefix + constant)))
            {
                elements.Add(ModelDocument.HeadPrefix + part, data);
            }
        }

        return ModelDocument.Expected(structure).Select(Tensor).ToDictionary(one => one.Name, StringComparer.Ordinal);

        Tensor Tensor(TensorSpec spec)
        {
            var data = elements.GetValueOrDefault(spec.Name) ?? Plain(spec);
            return data.Length == spec.Elements
                ? new Tensor(spec.Name, spec.Shape, data)
                : throw new InvalidOperationException($"'{spec.Name}' should have {spec.Elements} elements, but the graph has {data.Length}.");
        }

        NumericArray Constant(string name) => constants.GetValueOrDefault(name) ?? throw new InvalidOperationException($"The graph has no constant '{name}'.");

        // Embedding and vectors stand as they are, or in as many pieces as a step needs of them.
        Array Plain(TensorSpec spec) => constants.TryGetValue(spec.Name, out var whole)
            ? spec.Type == ElementType.I8 ? whole.Data : whole.ToFloats()
            : Enumerable.Range(0, (int)spec.Elements)
                .TakeWhile(piece => constants.ContainsKey($"{spec.Name}.{piece}")).SelectMany(piece => Constant($"{spec.Name}.{piece}").ToFloats()).ToArray();
    }

    private static string Begin(GraphWriter graph, ModelStructure structure, object steps, Func<string, Tensor> tensor)
    {
        if (structure.Embedding is { } embedding)
        {
            graph.Input(Input, TensorProto.Types.DataType.Int64, steps, "batch");
            int[] shape = [embedding.Vocabulary, embedding.Width];
            if (structure.Precision == Precision.Fp32)
            {
                return graph.Node("Gather", [graph.Floats(ModelDocument.Embedding, shape, () => tensor(ModelDocument.Embedding).Floats.ToArray()), Input]);
            }

            var scaleName = TensorSpec.ScaleName(ModelDocument.Embedding);
            var row = graph.Node("Gather", [graph.Bytes(ModelDocument.Embedding, shape, () => tensor(ModelDocument.Embedding).Bytes.ToArray()), Input]);
            var scale = graph.Node("Gather", [graph.Floats(scaleName, [embedding.Vocabulary, 1], () => tensor(scaleName).Floats.ToArray()), Input]);
            return graph.Node("Mul", [graph.Node("Cast", [row], GraphWriter.Attribute("to", 1)), scale]);
        }

        var features = structure.Features;
        graph.Input(Input, TensorProto.Types.DataType.Float, steps, "batch", features);
        return !structure.Normalised
            ? Input
            : graph.Node("Mul", [graph.Node("Sub", [Input, Vector(ModelDocument.Mean)]), Vector(ModelDocument.Scale)]);

        string Vector(string name) => graph.Floats(name, [features], () => tensor(name).Floats.ToArray());
    }

    private static void End(GraphWriter graph, ModelStructure structure, string states, IReadOnlyList<object> extents, Func<string, Tensor> tensor)
    {
        var head = structure.Head;
        if (head.Kind == HeadKind.None)
        {
            graph.Named(Output, "Identity", [states]);
        }
        else
        {
            var product = ModelDocument.HeadMatrix(structure)
                .Product(new ProductNodes(graph, ModelDocument.HeadPrefix, name => tensor(ModelDocument.HeadPrefix + name)), states);
            var bias = graph.Floats(ModelDocument.HeadBias, [head.Outputs], () => tensor(ModelDocument.HeadBias).Floats.ToArray());
            if (head.Softmax)
            {
                graph.Named(Output, "Softmax", [graph.Node("Add", [product, bias])], GraphWriter.Attribute("axis", -1));
            }
            else
            {
                graph.Named(Output, "Add", [product, bias]);
            }
        }

        graph.Output(Output, [.. extents, structure.Outputs]);
    }
}
