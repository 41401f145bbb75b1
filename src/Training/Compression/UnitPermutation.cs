using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Training.Compression;

/// <summary>
/// Hidden units of a dense model in another order, carried through all that writes or reads them: the rows of every gate, the
/// recurrence, biases and peepholes, and the columns of the next layer or of the head. The model computes what it did.
/// </summary>
internal static class UnitPermutation
{
    /// <param name="structure">With a head: a model whose outputs are its units has them in an order that means something.</param>
    /// <param name="cell">Place in the layer: 1 is the second direction of a bidirectional one.</param>
    /// <param name="order">Which unit comes at each place.</param>
    /// <returns>Tensors by full name; those that stay as they are, too.</returns>
    public static Dictionary<string, Tensor> Apply(ModelStructure structure, IReadOnlyDictionary<string, Tensor> tensors, int layer, int cell, int[] order)
    {
        var permuted = tensors.ToDictionary();
        var shape = structure.Layers[layer].Shape;
        var prefix = ModelDocument.CellPrefix(layer, structure.Layers[layer].IsReverse(cell));
        Matrix($"{prefix}{CellTensors.Input}.weight", order, null);
        Matrix($"{prefix}{CellTensors.Recurrent}.weight", order, order);
        if (shape.CandidateGates > 0)
        {
            Matrix($"{prefix}{CellTensors.Candidate}.weight", order, order);
        }

        foreach (var vector in CellTensors.Vectors(shape).Where(vector => vector.Name != CellTensors.Scalars))
        {
            Columns(prefix + vector.Name, shape.Hidden, 0);
        }

        // Those that read the layer find a cell's units where the cell's outputs lie.
        var outputs = structure.Layers[layer].Outputs;
        if (layer + 1 < structure.Layers.Count)
        {
            var next = structure.Layers[layer + 1];
            for (var reader = 0; reader < next.Cells.Count; reader++)
            {
                Columns($"{ModelDocument.MatrixPrefix(layer + 1, next.IsReverse(reader), CellTensors.Input)}weight", outputs, cell * shape.Hidden);
            }
        }
        else
        {
            Columns(ModelDocument.HeadWeight, outputs, cell * shape.Hidden);
        }

        return permuted;

        void Matrix(string name, int[] rows, int[]? columns)
        {
            var weights = tensors[name];
            var (height, width) = (weights.Shape[0], weights.Shape[1]);
            permuted[name] =
                weights with { Data = UnitPermutation.Matrix<float>((float[])weights.Data, height / rows.Length, rows.Length, width, rows, columns) };
        }

        void Columns(string name, int width, int start)
        {
            var weights = (float[])tensors[name].Data;
            var moved = (float[])weights.Clone();
            for (var row = 0; row < weights.Length; row += width)
            {
                for (var place = 0; place < order.Length; place++)
                {
                    moved[row + start + place] = weights[row + start + order[place]];
                }
            }

            permuted[name] = tensors[name] with { Data = moved };
        }
    }

    /// <summary>[gates * rows, columns] with the rows of every gate, and the columns if so asked, in another order.</summary>
    public static T[] Matrix<T>(ReadOnlySpan<T> weights, int gates, int rows, int columns, int[] rowOrder, int[]? columnOrder)
    {
        var permuted = new T[weights.Length];
        for (var row = 0; row < gates * rows; row++)
        {
            var from = weights.Slice(((row / rows * rows) + rowOrder[row % rows]) * columns, columns);
            for (var column = 0; column < columns; column++)
            {
                permuted[(row * columns) + column] = from[columnOrder?[column] ?? column];
            }
        }

        return permuted;
    }
}
