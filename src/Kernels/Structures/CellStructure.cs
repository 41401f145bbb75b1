using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Structures;

/// <summary>
/// The weights of a cell: the form of its input matrix and of its recurrent matrix, all gates of each together, and, where a GRU
/// resets before the product, that of the matrix that its candidate reads the reset state through.
/// </summary>
/// <param name="Recurrent">r and z alone where there is a <paramref name="Candidate"/>.</param>
/// <param name="Candidate">Given if and only if <see cref="CellShape.ResetBefore"/>.</param>
public sealed record CellStructure(CellShape Shape, MatrixStructure Input, MatrixStructure Recurrent, MatrixStructure? Candidate = null)
{
    public long Parameters => Input.Parameters + Recurrent.Parameters + (Candidate?.Parameters ?? 0);

    public long MacsPerStep => Input.Macs + Recurrent.Macs + (Candidate?.Macs ?? 0);

    /// <summary>Achieved compression factor: dense parameters over stored ones, biases left out.</summary>
    public double Compression => (double)Shape.DenseParameters / Parameters;

    /// <summary>Names within a cell, and forms, of its matrices.</summary>
    public IEnumerable<(string Name, MatrixStructure Matrix)> Matrices
    {
        get
        {
            yield return (CellTensors.Input, Input);
            yield return (CellTensors.Recurrent, Recurrent);
            if (Candidate is not null)
            {
                yield return (CellTensors.Candidate, Candidate);
            }
        }
    }

    public static CellStructure Dense(CellShape shape) => new(
        shape,
        new DenseStructure(shape.Gates, shape.Hidden, shape.Input),
        new DenseStructure(shape.RecurrentGates, shape.Hidden, shape.Hidden),
        shape.CandidateGates == 0 ? null : new DenseStructure(shape.CandidateGates, shape.Hidden, shape.Hidden));
}

/// <summary>What a cell is stored as, by names within the cell.</summary>
public static class CellTensors
{
    public const string Input = "input";
    public const string Recurrent = "recurrent";
    public const string Candidate = "candidate";

    /// <summary>[gates * hidden], gate by gate; of FastGRNN b_z, b_h: [2 * hidden].</summary>
    public const string Bias = "bias";

    /// <summary>[hidden]: b_hn of a GRU that resets after the product.</summary>
    public const string CandidateBias = "candidate_bias";

    /// <summary>[3 * hidden]: i, f, o.</summary>
    public const string Peepholes = "peepholes";

    /// <summary>[2]: zeta and nu of FastGRNN, as the cell uses them.</summary>
    public const string Scalars = "scalars";

    /// <summary>All tensors of a cell beside its matrices.</summary>
    public static IEnumerable<TensorSpec> Vectors(CellShape shape)
    {
        yield return new(Bias, ElementType.F32, (shape.Kind == CellShape.FastGrnn ? 2 : shape.Gates) * shape.Hidden);
        if (shape.Kind == CellShape.Gru && !shape.ResetBefore)
        {
            yield return new(CandidateBias, ElementType.F32, shape.Hidden);
        }

        if (shape.Peepholes)
        {
            yield return new(Peepholes, ElementType.F32, 3 * shape.Hidden);
        }

        if (shape.Kind == CellShape.FastGrnn)
        {
            yield return new(Scalars, ElementType.F32, 2);
        }
    }
}
