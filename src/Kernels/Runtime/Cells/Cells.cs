using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>The packed form of each cell.</summary>
internal static class Cells<V>
    where V : unmanaged, IVector<V>
{
    /// <param name="tensor">Gives a tensor by its name within the cell.</param>
    public static RecurrentCell Pack(CellStructure structure, Precision precision, Func<string, Tensor> tensor)
    {
        var shape = structure.Shape;
        var input = Matrix(CellTensors.Input, structure.Input);
        var recurrent = Matrix(CellTensors.Recurrent, structure.Recurrent);
        var bias = Vector(CellTensors.Bias);
        switch (shape.Kind)
        {
            case CellShape.Lstm when shape.Peepholes:
                return new GatedCell<PeepholeLstmGates<V>>(shape, input, recurrent, Arranged(bias), null, new(Vector(CellTensors.Peepholes), shape.Hidden));
            case CellShape.Lstm:
                return new GatedCell<LstmGates<V>>(shape, input, recurrent, Arranged(bias), null, default);
            case CellShape.Gru when structure.Candidate is { } candidate:
                return new ResetBeforeGruCell<V>(shape, input, recurrent, Matrix(CellTensors.Candidate, candidate), Arranged(bias));
            case CellShape.Gru:
                var initial = new float[3 * shape.Hidden];
                tensor(CellTensors.CandidateBias).Floats.CopyTo(initial.AsSpan(2 * shape.Hidden));
                return new GatedCell<GruGates<V>>(shape, input, recurrent, Arranged(bias), Arranged(WeightMatrix.Pad(initial)), default);
            case CellShape.Rnn when shape.Relu:
                return new SingleGateCell<V, ReluGate<V>>(shape, input, recurrent, bias, default);
            case CellShape.Rnn:
                return new SingleGateCell<V, TanhGate<V>>(shape, input, recurrent, bias, default);
            case CellShape.FastGrnn:
                var scalars = tensor(CellTensors.Scalars).Floats;
                return new SingleGateCell<V, FastGrnnGate<V>>(
                    shape, input, recurrent, new Aligned<float>(WeightMatrix.Padded(shape.Hidden)), new(bias, shape.Hidden, scalars[0], scalars[1]));
            default:
                throw new NotSupportedException($"No kernel runs {shape.Kind}.");
        }

        WeightMatrix Matrix(string name, MatrixStructure matrix) => WeightMatrices<V>.Pack(matrix, precision, part => tensor($"{name}.{part}"));

        Aligned<float> Vector(string name) => WeightMatrix.Pad(tensor(name).Floats);

        Aligned<float> Arranged(Aligned<float> gates) => WeightMatrix.Pad(input.Order.Arrange(gates.Span[..input.Rows]));
    }
}
