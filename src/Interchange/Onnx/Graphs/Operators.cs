using Fleet.Interchange.Arrays;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>Gives a node's results.</summary>
internal delegate NumericArray[] Operator(NodeCall call);

/// <summary>The operators that are known.</summary>
internal static class Operators
{
    /// <summary>Those that only move elements or make constants: they treat numbers and atoms alike.</summary>
    public static IReadOnlyDictionary<string, Operator> Layout { get; } = new Dictionary<string, Operator>(StringComparer.Ordinal)
    {
        ["Concat"] = SelectionOperators.Concat,
        ["Constant"] = ConstantOperators.Constant,
        ["ConstantOfShape"] = ConstantOperators.ConstantOfShape,
        ["Expand"] = SelectionOperators.Expand,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Gather"] = SelectionOperators.Gather,
        ["Identity"] = call => [call.Input(0)],
        ["Reshape"] = ShapeOperators.Reshape,
        ["Shape"] = ConstantOperators.Shape,
        ["Slice"] = SelectionOperators.Slice,
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
    };

    /// <summary>Those that compute.</summary>
    public static IReadOnlyDictionary<string, Operator> Arithmetic { get; } = new Dictionary<string, Operator>(StringComparer.Ordinal)
    {
        ["Add"] = call => ArithmeticOperators.Elementwise(call, (left, right) => left + right, (left, right) => checked(left + right)),
        ["Cast"] = ConstantOperators.Cast,
        ["Div"] = call => ArithmeticOperators.Elementwise(call, (left, right) => left / right, (left, right) => left / right),
        ["Gemm"] = ArithmeticOperators.Gemm,
        ["GRU"] = RecurrentOperators.Run,
        ["LogSoftmax"] = ArithmeticOperators.LogSoftmax,
        ["LSTM"] = RecurrentOperators.Run,
        ["MatMul"] = ArithmeticOperators.MatMul,
        ["Mul"] = call => ArithmeticOperators.Elementwise(call, (left, right) => left * right, (left, right) => checked(left * right)),
        ["RNN"] = RecurrentOperators.Run,
        ["Softmax"] = ArithmeticOperators.Softmax,
        ["Sub"] = call => ArithmeticOperators.Elementwise(call, (left, right) => left - right, (left, right) => checked(left - right)),
    };

    public static string Supported { get; } = string.Join(", ", Layout.Keys.Concat(Arithmetic.Keys).Order(StringComparer.Ordinal));
}
