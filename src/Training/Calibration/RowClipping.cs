using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Training.Methods;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Calibration;

/// <summary>
/// Chooses for every row of weights w the greatest magnitude m that int8 keeps, from max |w| and some shares of it down to a half: the
/// one with the least e' H e, where e = w - q s is what quantising with s = m / 127 takes from the row, clipping included, and H the
/// second moments of what the row is multiplied with. Of equals the greatest. So by that measure no row is worse than unclipped.
/// </summary>
/// <remarks>
/// H follows the data through the forms: u of lmf reads z = V x, with V H V'; c of kronecker reads the segments of x, one after the
/// other; its b reads C times them. A row of c of hmd is several, one a block. Rows of b of hmd and of an embedding are multiplied
/// with single numbers: there H is the identity.
/// </remarks>
internal static class RowClipping
{
    private const int MaxByte = 127;

    // In 256ths. The first clip half a step of the scale each, and round all other weights otherwise; the others pay where the greatest
    // weights are multiplied with little.
    private static readonly int[] Shares = [256, 255, 254, 253, 252, 251, 250, 249, 248, 240, 224, 208, 192, 176, 160, 144, 128];

    /// <param name="model">In fp32.</param>
    /// <param name="moments">Of what each matrix and the head read, by what the names of their tensors begin with.</param>
    /// <param name="threads">They share the rows of each tensor, and decide nothing else.</param>
    /// <returns>What <see cref="Quantiser.Quantise"/> takes.</returns>
    public static IReadOnlyDictionary<string, float[]> Choose(
        ModelDocument model, IReadOnlyDictionary<string, SecondMoments> moments, int threads, CancellationToken cancel)
    {
        var shared = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        var chosen = new Dictionary<string, float[]>();
        foreach (var (prefix, cell) in model.Structure.Cells())
        {
            foreach (var (name, matrix) in cell.Matrices)
            {
                ChooseAll($"{prefix}{name}.", matrix);
            }
        }

        ChooseAll(ModelDocument.HeadPrefix, ModelDocument.HeadMatrix(model.Structure));
        if (model.Structure.Embedding is { } table)
        {
            var rows = MultipliedRows.Whole(table.Vocabulary, SecondMoments.Identity(table.Width));
            chosen[ModelDocument.Embedding] = Choose(model.Tensors[ModelDocument.Embedding], rows, shared);
        }

        return chosen;

        void ChooseAll(string prefix, MatrixStructure matrix)
        {
            foreach (var (name, rows) in MatrixTrainings.Of(matrix).Multiplied(matrix, part => model.Tensors[prefix + part], moments[prefix]))
            {
                chosen[prefix + name] = Choose(model.Tensors[prefix + name], rows, shared);
            }
        }
    }

    private static float[] Choose(Tensor tensor, MultipliedRows rows, ParallelOptions shared)
    {
        var elements = new List<int>[rows.Count];
        for (var element = 0; element < tensor.Floats.Length; element++)
        {
            (elements[rows.Of(element)] ??= []).Add(element);
        }

        var chosen = new float[rows.Count];
        Parallel.For(0, rows.Count, shared, row =>
        {
            var moments = rows.Moments[(int)((long)row * rows.Moments.Count / rows.Count)];
            chosen[row] = Choose(tensor.Floats, elements[row] ?? [], rows.Column, moments);
        });
        return chosen;
    }

    private static float Choose(ReadOnlySpan<float> weights, List<int> row, Func<int, int> column, SecondMoments moments)
    {
        var max = 0f;
        foreach (var element in row)
        {
            max = Math.Max(max, Math.Abs(weights[element]));
        }

        var (chosen, min) = (max, double.PositiveInfinity);
        var error = new double[moments.Columns];
        foreach (var share in max > 0 ? Shares : [])
        {
            var kept = max * (share / 256f);
            var scale = kept / MaxByte;
            foreach (var element in row)
            {
                var q = Math.Clamp(Math.Round((double)weights[element] / scale, MidpointRounding.ToEven), -MaxByte, MaxByte);
                error[column(element)] = weights[element] - (q * scale);
            }

            if (moments.Square(error) is var square && square < min)
            {
                (chosen, min) = (kept, square);
            }
        }

        return chosen;
    }
}
