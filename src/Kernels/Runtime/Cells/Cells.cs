using Fleet.Kernels.Matrices;
using Fleet.Kernels.Models;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>The packed form of each cell.</summary>
internal static class Cells<V>
    where V : unmanaged, IVector<V>
{
    /// <param name="tensor">Gives a tensor by its name within the cell.</param>
    public static RecurrentCell Pack(CellStructure structure, Func<string, Tensor> tensor)
    {
        var shape = structure.Shape;
        var input = Matrix(CellTensors.Input, structure.Input);
        var recurrent = Matrix(CellTensors.Recurrent, structure.Recurrent);
        var bias = Vector(CellTensors.Bias);
        switch (shape.Kind)
        {
            case CellShape.Lstm when shape.Peepholes:
                return new PeepholeLstmCell<V>(shape, input, recurrent, bias, Vector(CellTensors.Peepholes));
            case CellShape.Lstm:
                return new LstmCell<V>(shape, input, recurrent, bias);
            case CellShape.Gru when structure.Candidate is { } candidate:
                return new ResetBeforeGruCell<V>(shape, input, recurrent, Matrix(CellTensors.Candidate, candidate), bias);
            case CellShape.Gru:
                var recurrentBias = new Aligned<float>(WeightMatrix.Padded(3 * shape.Hidden));
                tensor(CellTensors.CandidateBias).Floats.CopyTo(recurrentBias.Span[(2 * shape.Hidden)..]);
                return new GruCell<V>(shape, input, recurrent, bias, recurrentBias);
            case CellShape.Rnn:
                return new RnnCell<V>(shape, input, recurrent, bias);
            case CellShape.FastGrnn:
                var scalars = tensor(CellTensors.Scalars).Floats;
                return new FastGrnnCell<V>(shape, input, recurrent, new Aligned<float>(WeightMatrix.Padded(shape.Hidden)), bias, scalars[0], scalars[1]);
            default:
                throw new NotSupportedException($"No kernel runs {shape.Kind}.");
        }

        WeightMatrix Matrix(string name, MatrixStructure matrix) => WeightMatrices<V>.Pack(matrix, part => tensor($"{name}.{part}"));

        Aligned<float> Vector(string name) => WeightMatrix.Pad(tensor(name).Floats);
    }
}
