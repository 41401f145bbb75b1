namespace Fleet.Kernels.Structures;

/// <summary>A recurrent cell's kind and size.</summary>
/// <param name="Kind"><c>lstm</c>.</param>
/// <param name="Input">Features a step, I.</param>
/// <param name="Hidden">Hidden units, H.</param>
public sealed record CellShape(string Kind, int Input, int Hidden)
{
    public const string Lstm = "lstm";

    public int Gates => Kind == Lstm ? 4 : throw new NotSupportedException($"Unknown cell '{Kind}'. Known cells: {Lstm}.");

    /// <summary>Weights of the dense cell, biases left out: gates H (I + H).</summary>
    public long DenseParameters => (long)Gates * Hidden * (Input + Hidden);
}

/// <summary>The weights of a cell: the form of its input matrix and of its recurrent matrix, all gates of each together.</summary>
public sealed record CellStructure(CellShape Shape, MatrixStructure Input, MatrixStructure Recurrent)
{
    public long Parameters => Input.Parameters + Recurrent.Parameters;

    public long MacsPerStep => Input.Macs + Recurrent.Macs;

    /// <summary>Achieved compression factor: dense parameters over stored ones, biases left out.</summary>
    public double Compression => (double)Shape.DenseParameters / Parameters;
}
