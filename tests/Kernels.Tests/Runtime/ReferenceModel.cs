using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>A model run as its formulas read, in double and with every matrix written out in full: what kernels are held against.</summary>
internal sealed class ReferenceModel
{
    private readonly ModelDocument document;
    private readonly double[,] input;
    private readonly double[,] recurrent;
    private readonly double[,] head;
    private readonly double[] memory;
    private readonly double[] hidden;

    public ReferenceModel(ModelDocument document)
    {
        this.document = document;
        input = Full(document.Structure.Input, name => document.Tensors[ModelDocument.InputPrefix + name]);
        recurrent = Full(document.Structure.Recurrent, name => document.Tensors[ModelDocument.RecurrentPrefix + name]);
        head = Full(new DenseStructure(1, document.Metadata.Labels.Count, document.Structure.Shape.Hidden), _ => document.Tensors[ModelDocument.HeadWeight]);
        memory = new double[document.Structure.Shape.Hidden];
        hidden = new double[document.Structure.Shape.Hidden];
    }

    /// <summary>One time step; gives the logits after it.</summary>
    public double[] Step(ReadOnlySpan<float> x)
    {
        var mean = Floats(ModelDocument.Mean);
        var scale = Floats(ModelDocument.Scale);
        var normalised = new double[x.Length];
        for (var feature = 0; feature < x.Length; feature++)
        {
            normalised[feature] = ((double)x[feature] - mean[feature]) * scale[feature];
        }

        var units = hidden.Length;
        var bias = Floats(ModelDocument.Bias).ToArray();
        var fromInput = Product(input, normalised);
        var fromHidden = Product(recurrent, hidden);
        var gates = fromInput.Select((value, row) => value + fromHidden[row] + bias[row]).ToArray();
        for (var unit = 0; unit < units; unit++)
        {
            memory[unit] = (Sigmoid(gates[units + unit]) * memory[unit]) + (Sigmoid(gates[unit]) * Math.Tanh(gates[(2 * units) + unit]));
            hidden[unit] = Sigmoid(gates[(3 * units) + unit]) * Math.Tanh(memory[unit]);
        }

        var headBias = Floats(ModelDocument.HeadBias).ToArray();
        return [.. Product(head, hidden).Select((value, row) => value + headBias[row])];
    }

    /// <summary>The matrix of all gates, stacked, from its definition.</summary>
    public static double[,] Full(MatrixStructure structure, Func<string, Tensor> tensor)
    {
        var (gates, rows, columns) = (structure.Gates, structure.Rows, structure.Columns);
        var full = new double[gates * rows, columns];
        for (var gate = 0; gate < gates; gate++)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    full[(gate * rows) + row, column] = structure switch
                    {
                        DenseStructure => tensor("weight").Floats[(((gate * rows) + row) * columns) + column],
                        HmdStructure hmd => Hmd(hmd, tensor, gate, row, column),
                        LmfStructure lmf => Lmf(lmf, tensor, gate, row, column),
                        _ => Sparse(tensor, (gate * rows) + row, column),
                    };
                }
            }
        }

        return full;
    }

    public static double[] Product(double[,] matrix, ReadOnlySpan<double> x)
    {
        var y = new double[matrix.GetLength(0)];
        for (var row = 0; row < y.Length; row++)
        {
            for (var column = 0; column < x.Length; column++)
            {
                y[row] += matrix[row, column] * x[column];
            }
        }

        return y;
    }

    private static double Hmd(HmdStructure hmd, Func<string, Tensor> tensor, int gate, int row, int column)
    {
        if (row < hmd.Rich)
        {
            return tensor("rich").Floats[(((gate * hmd.Rich) + row) * hmd.Columns) + column];
        }

        // Widths as equal as they can be, the wider ones first, counted off by hand.
        var block = 0;
        for (var left = column; ; block++)
        {
            var width = (hmd.Columns / hmd.Blocks) + (block < hmd.Columns % hmd.Blocks ? 1 : 0);
            if (left < width)
            {
                break;
            }

            left -= width;
        }

        var lower = hmd.Rows - hmd.Rich;
        return (double)tensor("b").Floats[(((gate * hmd.Blocks) + block) * lower) + row - hmd.Rich] * tensor("c").Floats[(gate * hmd.Columns) + column];
    }

    private static double Lmf(LmfStructure lmf, Func<string, Tensor> tensor, int gate, int row, int column)
    {
        var sum = 0.0;
        for (var inner = 0; inner < lmf.Rank; inner++)
        {
            var v = (((lmf.Shared ? 0 : gate * lmf.Rank) + inner) * lmf.Columns) + column;
            sum += (double)tensor("u").Floats[(((gate * lmf.Rows) + row) * lmf.Rank) + inner] * tensor("v").Floats[v];
        }

        return sum;
    }

    private static double Sparse(Func<string, Tensor> tensor, int row, int column)
    {
        var offsets = tensor("row_offsets").Words32;
        for (var index = (int)offsets[row]; index < (int)offsets[row + 1]; index++)
        {
            if (tensor("columns").Words16[index] == column)
            {
                return tensor("values").Floats[index];
            }
        }

        return 0;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private ReadOnlySpan<float> Floats(string name) => document.Tensors[name].Floats;
}
