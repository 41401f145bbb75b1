using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Training.Quantisation;

/// <summary>
/// Chooses for every row of weights w the greatest magnitude m that int8 keeps, from max |w| and some shares of it down to a half: the
/// one with the least e' H e, where e = w - q s is what quantising with s = m / 127 takes from the row, clipping included, and H the
/// second moments of what the row is multiplied with. Of equals the greatest. So by that measure no row is worse than unclipped.
/// </summary>
/// <remarks>
/// H follows the data through the forms: u of lmf reads z = V x, with V H V'; c of kronecker reads the stretches of x, one after the
/// other; its b reads C times them. A row of c of hmd is several, one a block. Rows of b of hmd and of an embedding are multiplied
/// with single numbers: there H is the identity.
/// </remarks>
internal static class RowClipping
{
    private const int Greatest = 127;

    // In 256ths. The first clip half a step of the scale each, and round all other weights otherwise; the others pay where the greatest
    // weights are multiplied with little.
    private static readonly int[] Shares = [256, 255, 254, 253, 252, 251, 250, 249, 248, 240, 224, 208, 192, 176, 160, 144, 128];

    /// <param name="model">In fp32.</param>
    /// <param name="moments">Of what each matrix and the head read, by what the names of their tensors begin with.</param>
    /// <returns>What <see cref="Quantiser.Quantise"/> takes.</returns>
    public static IReadOnlyDictionary<string, float[]> Choose(ModelDocument model, IReadOnlyDictionary<string, SecondMoments> moments, CancellationToken cancel)
    {
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
            var rows = new Rows(table.Vocabulary, element => element / table.Width, element => element % table.Width, [SecondMoments.Identity(table.Width)]);
            chosen[ModelDocument.Embedding] = Choose(model.Tensors[ModelDocument.Embedding].Floats, rows, cancel);
        }

        return chosen;

        void ChooseAll(string prefix, MatrixStructure matrix)
        {
            foreach (var (name, rows) in Describe(matrix, part => model.Tensors[prefix + part], moments[prefix]))
            {
                chosen[prefix + name] = Choose(model.Tensors[prefix + name].Floats, rows, cancel);
            }
        }
    }

    /// <summary>The rows of each tensor of weights of a matrix.</summary>
    private static IEnumerable<(string Tensor, Rows Rows)> Describe(MatrixStructure matrix, Func<string, Tensor> tensor, SecondMoments x)
    {
        switch (matrix)
        {
            case HmdStructure hmd:
                yield return ("rich", Whole(hmd.Gates * hmd.Rich, x));
                yield return ("b", Whole(hmd.Gates * hmd.Blocks, SecondMoments.Identity(hmd.Rows - hmd.Rich)));
                yield return ("c", Whole(hmd.Gates, SecondMoments.Of(hmd.Columns, (row, column) => Block(hmd, row) == Block(hmd, column) ? x[row, column] : 0)));
                break;
            case LmfStructure lmf:
                var parts = lmf.Shared ? 1 : lmf.Gates;
                var v = tensor("v").Floats.ToArray();
                yield return ("v", Whole(parts * lmf.Rank, x));
                yield return ("u", Whole(lmf.Gates * lmf.Rows, [.. Enumerable.Range(0, parts).Select(part => Through(v, part * lmf.Rank, lmf.Rank, x))]));
                break;
            case KroneckerStructure kronecker:
                yield return ("c", Whole(kronecker.Gates * kronecker.InnerRows, Stretches(kronecker, x)));
                yield return ("b", Whole(kronecker.Gates * kronecker.OuterRows, [.. Enumerable.Range(0, kronecker.Gates).Select(gate => Combined(kronecker, gate, tensor("c").Floats.ToArray(), x))]));
                break;
            case DopedKroneckerStructure doped:
                foreach (var part in Describe(doped.Kronecker, tensor, x).Concat(Describe(doped.Dope, tensor, x)))
                {
                    yield return part;
                }

                break;
            case PrunedStructure or BlockSparseStructure:
                var spec = matrix.Tensors[0];
                var height = matrix is BlockSparseStructure sparse ? sparse.Height : 1;
                var columns = tensor("columns").Words16.ToArray();
                var scales = matrix.ScaleShape(spec).Aggregate(1, (product, extent) => product * extent);
                yield return (spec.Name, new Rows(scales, matrix.ScaleIndex(spec, tensor), element => columns[element / height], [x]));
                break;
            default:
                yield return (matrix.Tensors[0].Name, Whole(matrix.Gates * matrix.Rows, x));
                break;
        }
    }

    private static float[] Choose(ReadOnlySpan<float> weights, Rows rows, CancellationToken cancel)
    {
        var elements = new List<int>[rows.Count];
        for (var element = 0; element < weights.Length; element++)
        {
            (elements[rows.Of(element)] ??= []).Add(element);
        }

        var chosen = new float[rows.Count];
        for (var row = 0; row < rows.Count; row++)
        {
            cancel.ThrowIfCancellationRequested();
            var moments = rows.Moments[(int)((long)row * rows.Moments.Count / rows.Count)];
            chosen[row] = Choose(weights, elements[row] ?? [], rows.Column, moments);
        }

        return chosen;
    }

    private static float Choose(ReadOnlySpan<float> weights, List<int> row, Func<int, int> column, SecondMoments moments)
    {
        var most = 0f;
        foreach (var element in row)
        {
            most = Math.Max(most, Math.Abs(weights[element]));
        }

        var (chosen, least) = (most, double.PositiveInfinity);
        var error = new double[moments.Columns];
        foreach (var share in most > 0 ? Shares : [])
        {
            var kept = most * (share / 256f);
            var scale = kept / Greatest;
            foreach (var element in row)
            {
                var q = Math.Clamp(Math.Round((double)weights[element] / scale, MidpointRounding.ToEven), -Greatest, Greatest);
                error[column(element)] = weights[element] - (q * scale);
            }

            if (moments.Square(error) is var square && square < least)
            {
                (chosen, least) = (kept, square);
            }
        }

        return chosen;
    }

    private static Rows Whole(int count, params IReadOnlyList<SecondMoments> moments)
    {
        var length = moments[0].Columns;
        return new Rows(count, element => element / length, element => element % length, moments);
    }

    private static int Block(HmdStructure hmd, int column)
    {
        var block = 0;
        while (HmdStructure.BlockStart(hmd.Columns, hmd.Blocks, block + 1) <= column)
        {
            block++;
        }

        return block;
    }

    // V H V' of some rows of V.
    private static SecondMoments Through(float[] v, int first, int count, SecondMoments x)
    {
        var n = x.Columns;
        var product = new double[count * n];
        for (var row = 0; row < count; row++)
        {
            for (var inner = 0; inner < n; inner++)
            {
                double weight = v[((first + row) * n) + inner];
                for (var column = 0; column < n; column++)
                {
                    product[(row * n) + column] += weight * x[inner, column];
                }
            }
        }

        return SecondMoments.Of(count, (row, column) =>
        {
            var sum = 0.0;
            for (var inner = 0; inner < n; inner++)
            {
                sum += product[(row * n) + inner] * v[((first + column) * n) + inner];
            }

            return sum;
        });
    }

    private static SecondMoments Stretches(KroneckerStructure kronecker, SecondMoments x) => SecondMoments.Of(kronecker.InnerColumns, (row, column) =>
    {
        var sum = 0.0;
        for (var stretch = 0; stretch < kronecker.OuterColumns; stretch++)
        {
            sum += At(kronecker, x, stretch, row, stretch, column);
        }

        return sum;
    });

    // Of t[i2, j1] = sum of C[i2, j2] x[j1, j2], over all i2.
    private static SecondMoments Combined(KroneckerStructure kronecker, int gate, float[] c, SecondMoments x)
    {
        var (rows, columns) = (kronecker.InnerRows, kronecker.InnerColumns);
        // C'C of the gate: the sum over i2 is the same for every pair of stretches.
        var squares = new double[columns, columns];
        for (var row = 0; row < rows; row++)
        {
            var own = c.AsSpan(((gate * rows) + row) * columns, columns);
            for (var left = 0; left < columns; left++)
            {
                for (var right = 0; right < columns; right++)
                {
                    squares[left, right] += (double)own[left] * own[right];
                }
            }
        }

        return SecondMoments.Of(kronecker.OuterColumns, (first, second) =>
        {
            var sum = 0.0;
            for (var left = 0; left < columns; left++)
            {
                for (var right = 0; right < columns; right++)
                {
                    sum += squares[left, right] * At(kronecker, x, first, left, second, right);
                }
            }

            return sum;
        });
    }

    // Columns beyond the matrix are zero.
    private static double At(KroneckerStructure kronecker, SecondMoments x, int first, int left, int second, int right)
    {
        var (row, column) = ((first * kronecker.InnerColumns) + left, (second * kronecker.InnerColumns) + right);
        return row < x.Columns && column < x.Columns ? x[row, column] : 0;
    }

    /// <summary>How the elements of a tensor form rows.</summary>
    /// <param name="Of">The row of an element.</param>
    /// <param name="Column">What an element is multiplied with.</param>
    /// <param name="Moments">Of equal parts of the rows, one behind the other.</param>
    private sealed record Rows(int Count, Func<int, int> Of, Func<int, int> Column, IReadOnlyList<SecondMoments> Moments);
}
