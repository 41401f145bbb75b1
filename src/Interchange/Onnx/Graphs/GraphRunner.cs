using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>
/// Goes through a graph's nodes in their order. Where all operands are numbers the operators' own rules apply; what to make of
/// atoms that are computed with, <paramref name="atoms"/> decides.
/// </summary>
/// <param name="atoms">Gives a node's results where an operand is an atom, or null to leave it to the layout operators.</param>
/// <param name="maxBytes">Of all results together.</param>
internal sealed class GraphRunner(OnnxFile file, long maxBytes, Func<NodeCall, NumericArray[]?>? atoms = null)
{
    /// <param name="inputs">By name, one for each of <see cref="OnnxFile.Inputs"/>.</param>
    /// <returns>The graph's outputs, in their order.</returns>
    /// <exception cref="FileFormatException">A node is not supported or contradicts itself; the message names it.</exception>
    public IReadOnlyList<NumericArray> Run(IReadOnlyDictionary<string, NumericArray> inputs)
    {
        var values = new Dictionary<string, NumericArray>(file.Initialisers, StringComparer.Ordinal);
        foreach (var (name, value) in inputs)
        {
            values[name] = value;
        }

        var budget = new ResultBudget(maxBytes);
        foreach (var (number, node) in file.Graph.Node.Index())
        {
            var call = new NodeCall(
                file,
                node,
                number,
                [.. node.Input.Select(name => name.Length == 0 ? null : values.GetValueOrDefault(name) ?? throw Missing(node, number, name))],
                budget);
            var results = Apply(call, node);
            for (var i = 0; i < node.Output.Count; i++)
            {
                if (node.Output[i].Length > 0 && (i >= results.Length || !values.TryAdd(node.Output[i], results[i])))
                {
                    throw call.Wrong(i >= results.Length ? $"it has no output {i}." : $"its output '{node.Output[i]}' is there already.");
                }
            }
        }

        return [.. file.Graph.Output.Select(output => values.GetValueOrDefault(output.Name)
            ?? throw new FileFormatException(file.Name, $"output '{output.Name}'", "no node gives it.", OnnxFile.Contradictory))];
    }

    private NumericArray[] Apply(NodeCall call, NodeProto node)
    {
        var layout = Operators.Layout.GetValueOrDefault(node.OpType);
        if (!OnnxFile.IsOnnx(node.Domain) || (layout is null && !Operators.Arithmetic.ContainsKey(node.OpType)))
        {
            throw call.Unsupported("the operator is not supported.", $"Supported are, of ONNX's own domain: {Operators.Supported}.");
        }

        try
        {
            return call.HasAtoms
                ? atoms?.Invoke(call) ?? (layout ?? throw Unknown(call))(call)
                : (layout ?? Operators.Arithmetic[node.OpType])(call);
        }
        catch (ArithmeticException error)
        {
            throw call.Wrong($"it cannot be computed ({error.Message})");
        }
    }

    private static FileFormatException Unknown(NodeCall call) =>
        call.Unsupported("its result depends on what the model is fed, and Fleet knows no layer that computes it there.");

    private FileFormatException Missing(NodeProto node, int number, string name) =>
        new(
            file.Name,
            $"node '{node.Name}' (number {number}, operator {node.OpType})",
            $"its input '{name}' is given by no node before it.",
            OnnxFile.Contradictory);
}
