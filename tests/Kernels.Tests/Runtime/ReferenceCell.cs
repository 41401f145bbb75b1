using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>A cell as its formulas read, in double.</summary>
/// <param name="precision">Of the products; the tensors are floats in any case.</param>
internal sealed class ReferenceCell(CellStructure structure, Func<string, Tensor> tensor, Precision precision)
{
    private readonly CellShape shape = structure.Shape;
    private readonly Func<double[], double[]> input = Product(structure.Input, tensor, CellTensors.Input, precision);
    private readonly Func<double[], double[]> recurrent = Product(structure.Recurrent, tensor, CellTensors.Recurrent, precision);
    private readonly Func<double[], double[]>? candidate =
        structure.Candidate is { } matrix ? Product(matrix, tensor, CellTensors.Candidate, precision) : null;
    private readonly double[] memory = new double[structure.Shape.Hidden];
    private double[] hidden = new double[structure.Shape.Hidden];

    /// <summary>Goes on from another state.</summary>
    public void Set(ReadOnlySpan<float> h, ReadOnlySpan<float> c)
    {
        hidden = [.. h.ToArray().Select(value => (double)value)];
        for (var unit = 0; unit < c.Length; unit++)
        {
            memory[unit] = c[unit];
        }
    }

    public double[] Step(double[] x)
    {
        var fromInput = input(x);
        var fromHidden = recurrent(hidden);
        hidden = shape.Kind switch
        {
            CellShape.Lstm => Lstm(fromInput, fromHidden),
            CellShape.Gru => Gru(fromInput, fromHidden),
            CellShape.Rnn => Each(unit => Rnn(fromInput[unit] + fromHidden[unit] + Value(CellTensors.Bias, unit))),
            _ => Each(unit => FastGrnn(fromInput[unit] + fromHidden[unit], unit)),
        };
        return hidden;
    }

    private double[] Lstm(double[] x, double[] u)
    {
        var units = shape.Hidden;
        return Each(unit =>
        {
            var i = Sigmoid(Gate(0) + Peephole(0));
            var f = Sigmoid(Gate(1) + Peephole(1));
            memory[unit] = (f * memory[unit]) + (i * Math.Tanh(Gate(2)));
            return Sigmoid(Gate(3) + Peephole(2)) * Math.Tanh(memory[unit]);

            double Gate(int gate) => x[(gate * units) + unit] + u[(gate * units) + unit] + Value(CellTensors.Bias, (gate * units) + unit);

            double Peephole(int gate) => shape.Peepholes ? Value(CellTensors.Peepholes, (gate * units) + unit) * memory[unit] : 0;
        });
    }

    private double[] Gru(double[] x, double[] u)
    {
        var units = shape.Hidden;
        var reset = Each(unit => Sigmoid(Sum(0, unit)));
        var fromReset = candidate is null ? [] : candidate(Each(unit => reset[unit] * hidden[unit]));
        return Each(unit =>
        {
            var z = Sigmoid(Sum(1, unit));
            var n = Math.Tanh(x[(2 * units) + unit] + Value(CellTensors.Bias, (2 * units) + unit)
                + (candidate is null ? reset[unit] * (u[(2 * units) + unit] + Value(CellTensors.CandidateBias, unit)) : fromReset[unit]));
            return ((1 - z) * n) + (z * hidden[unit]);
        });

        double Sum(int gate, int unit) => x[(gate * units) + unit] + u[(gate * units) + unit] + Value(CellTensors.Bias, (gate * units) + unit);
    }

    private double Rnn(double sum) => shape.Relu ? Math.Max(0, sum) : Math.Tanh(sum);

    private double FastGrnn(double sum, int unit)
    {
        var z = Sigmoid(sum + Value(CellTensors.Bias, unit));
        var weight = (Value(CellTensors.Scalars, 0) * (1 - z)) + Value(CellTensors.Scalars, 1);
        return (weight * Math.Tanh(sum + Value(CellTensors.Bias, shape.Hidden + unit))) + (z * hidden[unit]);
    }

    private double Value(string name, int index) => tensor(name).Floats[index];

    private double[] Each(Func<int, double> unit) => [.. Enumerable.Range(0, shape.Hidden).Select(unit)];

    private static Func<double[], double[]> Product(MatrixStructure matrix, Func<string, Tensor> tensor, string name, Precision precision) =>
        ReferenceMatrix.Product(matrix, part => tensor($"{name}.{part}"), precision);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
