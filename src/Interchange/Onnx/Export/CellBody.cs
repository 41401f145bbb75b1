using Fleet.Interchange.Onnx.Export.Products;
using Fleet.Interchange.Onnx.Files;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Onnx.Export;

/// <summary>One step of a cell as nodes, in the formulas of <see cref="CellShape"/>.</summary>
/// <param name="body">Where the nodes go.</param>
/// <param name="prefix">What the names of the cell's tensors begin with; those of its constants too.</param>
/// <param name="tensor">Gives a tensor of the cell by its name within it.</param>
internal sealed class CellBody(GraphWriter body, CellStructure cell, string prefix, Func<string, Tensor> tensor)
{
    private readonly int units = cell.Shape.Hidden;

    /// <param name="x">W x + b of the step, [batch, gates * hidden]; without b where the cell adds its biases later.</param>
    /// <param name="h">[batch, hidden]</param>
    /// <param name="c">[batch, hidden]; null where the cell has no memory.</param>
    /// <returns>The next h and c.</returns>
    public (string Hidden, string? Memory) Step(string x, string h, string? c) => cell.Shape.Kind switch
    {
        CellShape.Lstm => Lstm(x, h, c!),
        CellShape.Gru => (Gru(x, h), null),
        CellShape.Rnn => (body.Node(cell.Shape.Relu ? "Relu" : "Tanh", [Add(x, Product(CellTensors.Recurrent, cell.Recurrent, h))]), null),
        CellShape.FastGrnn => (FastGrnn(x, h), null),
        _ => throw new NotSupportedException($"A cell of kind {cell.Shape.Kind} cannot be written as ONNX."),
    };

    private (string Hidden, string Memory) Lstm(string x, string h, string c)
    {
        var gates = body.Split(Add(x, Product(CellTensors.Recurrent, cell.Recurrent, h)), 4);
        var (input, forget, candidate, output) = (gates[0], gates[1], gates[2], gates[3]);
        if (cell.Shape.Peepholes)
        {
            input = Add(input, Multiply(c, Vector(CellTensors.Peepholes, 0)));
            forget = Add(forget, Multiply(c, Vector(CellTensors.Peepholes, 1)));
        }

        var memory = Add(Multiply(Sigmoid(forget), c), Multiply(Sigmoid(input), Tanh(candidate)));
        if (cell.Shape.Peepholes)
        {
            output = Add(output, Multiply(memory, Vector(CellTensors.Peepholes, 2)));
        }

        return (Multiply(Sigmoid(output), Tanh(memory)), memory);
    }

    private string Gru(string x, string h)
    {
        var inputs = body.Split(x, 3);
        var states = body.Split(Product(CellTensors.Recurrent, cell.Recurrent, h), cell.Shape.RecurrentGates);
        var reset = Sigmoid(Add(inputs[0], states[0]));
        var update = Sigmoid(Add(inputs[1], states[1]));
        var recurrent = cell.Candidate is { } candidate
            ? Product(CellTensors.Candidate, candidate, Multiply(reset, h))
            : Multiply(reset, Add(states[2], Vector(CellTensors.CandidateBias, 0)));
        var next = Tanh(Add(inputs[2], recurrent));
        // (1 - z) n + z h
        return Add(next, Multiply(update, body.Node("Sub", [h, next])));
    }

    private string FastGrnn(string x, string h)
    {
        var sum = Add(x, Product(CellTensors.Recurrent, cell.Recurrent, h));
        var update = Sigmoid(Add(sum, Vector(CellTensors.Bias, 0)));
        var candidate = Tanh(Add(sum, Vector(CellTensors.Bias, 1)));
        var (zeta, nu) = (Scalar(0), Scalar(1));
        // zeta (1 - z) + nu
        var weight = body.Node("Sub", [Add(zeta, nu), Multiply(zeta, update)]);
        return Add(Multiply(weight, candidate), Multiply(update, h));
    }

    private string Product(string name, MatrixStructure matrix, string operand) =>
        matrix.Product(new ProductNodes(body, $"{prefix}{name}.", part => tensor($"{name}.{part}")), operand);

    // One of the vectors of as many elements as there are units that a tensor holds.
    private string Vector(string name, int index) =>
        body.Floats($"{prefix}{name}.{index}", [units], () => tensor(name).Floats.Slice(index * units, units).ToArray());

    private string Scalar(int index) => body.Floats($"{prefix}{CellTensors.Scalars}.{index}", [1], () => [tensor(CellTensors.Scalars).Floats[index]]);

    private string Add(string left, string right) => body.Node("Add", [left, right]);

    private string Multiply(string left, string right) => body.Node("Mul", [left, right]);

    private string Sigmoid(string value) => body.Node("Sigmoid", [value]);

    private string Tanh(string value) => body.Node("Tanh", [value]);
}
