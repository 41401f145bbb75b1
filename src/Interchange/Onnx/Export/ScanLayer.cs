using Fleet.Interchange.Onnx.Export.Products;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Onnx.Export;

/// <summary>
/// A layer of any cell and structure: for each direction the input's product with all steps at once, then a Scan whose body is one step.
/// </summary>
internal static class ScanLayer
{
    /// <param name="x">[steps, batch, input]</param>
    /// <param name="tensor">Gives a tensor of the model by its name.</param>
    /// <returns>All outputs, [steps, batch, outputs]; and the states that the directions end with, [batch, outputs].</returns>
    public static (string All, string Last) Write(GraphWriter graph, LayerStructure layer, int index, string x, Func<string, Tensor> tensor)
    {
        var all = new List<string>();
        var last = new List<string>();
        for (var place = 0; place < layer.Cells.Count; place++)
        {
            var reverse = layer.IsReverse(place);
            var prefix = ModelDocument.CellPrefix(index, reverse);
            var (outputs, state) = Direction(graph, layer.Cells[place], prefix, x, reverse, name => tensor(prefix + name));
            all.Add(outputs);
            last.Add(state);
        }

        return (graph.Concat(all), graph.Concat(last));
    }

    private static (string All, string Last) Direction(
        GraphWriter graph, CellStructure cell, string prefix, string x, bool reverse, Func<string, Tensor> tensor)
    {
        var shape = cell.Shape;
        var product = Project(graph, cell, prefix, x, tensor);

        // [batch, hidden] zeros.
        var batch = graph.Node("Slice", [graph.Node("Shape", [x]), graph.Integers(1), graph.Integers(2)]);
        var zero = graph.Node("ConstantOfShape", [graph.Node("Concat", [batch, graph.Integers(shape.Hidden)], GraphWriter.Attribute("axis", 0))]);

        var body = graph.Body($"{prefix}step");
        var states = shape.HasMemory ? new[] { "h", "c" } : ["h"];
        string[] inputs = [.. states.Append("x").Select(name => $"{prefix}{name}")];
        foreach (var name in inputs)
        {
            body.Input(name, TensorProto.Types.DataType.Float);
        }

        var (hidden, memory) = new CellBody(body, cell, prefix, tensor).Step(inputs[^1], inputs[0], shape.HasMemory ? inputs[1] : null);
        string[] outputs = [hidden, .. memory is null ? Array.Empty<string>() : [memory], body.Node("Identity", [hidden])];
        foreach (var name in outputs)
        {
            body.Output(name);
        }

        var direction = reverse ? 1 : 0;
        var results = graph.Nodes(
            "Scan",
            [.. states.Select(_ => zero), product],
            outputs.Length,
            GraphWriter.Attribute("body", body.Graph),
            GraphWriter.Attribute("num_scan_inputs", 1),
            GraphWriter.Attribute("scan_input_directions", [direction]),
            GraphWriter.Attribute("scan_output_directions", [direction]));
        return (results[^1], results[0]);
    }

    /// <summary>One step of a forward layer.</summary>
    /// <inheritdoc cref="OperatorLayer.Step"/>
    public static IReadOnlyList<string> Step(
        GraphWriter graph, LayerStructure layer, int index, string x, IReadOnlyList<string> states, Func<string, Tensor> tensor)
    {
        var prefix = ModelDocument.CellPrefix(index, reverse: false);
        var product = Project(graph, layer.Cells[0], prefix, x, name => tensor(prefix + name));
        var (hidden, memory) = new CellBody(graph, layer.Cells[0], prefix, name => tensor(prefix + name))
            .Step(product, states[0], states.Count > 1 ? states[1] : null);
        return memory is null ? [hidden] : [hidden, memory];
    }

    // W x + b; without b where the cell adds its biases later.
    private static string Project(GraphWriter graph, CellStructure cell, string prefix, string x, Func<string, Tensor> tensor)
    {
        var product = cell.Input.Product(new ProductNodes(graph, $"{prefix}{CellTensors.Input}.", part => tensor($"{CellTensors.Input}.{part}")), x);
        return cell.Shape.Kind == CellShape.FastGrnn
            ? product
            : graph.Node("Add", [product, graph.Floats(prefix + CellTensors.Bias, [cell.Shape.Gates * cell.Shape.Hidden], () =>
                tensor(CellTensors.Bias).Floats.ToArray())]);
    }
}
