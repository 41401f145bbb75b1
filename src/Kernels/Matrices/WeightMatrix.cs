using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// The weights of all gates that read one vector, packed for speed. Immutable; what a product needs beside its operands is
/// lent by the caller, so one matrix serves any number of threads.
/// </summary>
/// <remarks>
/// Results are written vector by vector, so a result or initial value of m floats has room for <see cref="Padded"/>(m); what is
/// behind the m-th is of no meaning. Nothing is read behind an operand x.
/// </remarks>
internal abstract unsafe class WeightMatrix(int rows, int columns)
{
    private const int Widest = 16;

    /// <summary>Outputs of all gates.</summary>
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>What the packed weights take in memory.</summary>
    public abstract long ResidentBytes { get; }

    /// <summary>Floats that a product with <paramref name="steps"/> vectors works with.</summary>
    public abstract int ScratchFloats(int steps);

    /// <summary>y = initial + W x. y overlaps neither operand.</summary>
    public abstract void Multiply(float* x, float* initial, float* y, float* scratch);

    /// <summary>y_s = initial + W x_s for all <paramref name="steps"/> vectors; the x_s stand one after the other, the y_s too, but padded.</summary>
    public abstract void MultiplyMany(float* x, int steps, float* initial, float* y, float* scratch);

    // One vector more than it takes itself: the last of the parts that a result is put together from may begin anywhere.
    public static int Padded(int rows) => (rows + (2 * Widest) - 1) / Widest * Widest;

    /// <summary>Values with the room behind them that an initial value or a result has.</summary>
    public static Aligned<float> Pad(ReadOnlySpan<float> values)
    {
        var padded = new Aligned<float>(Padded(values.Length));
        values.CopyTo(padded.Span);
        return padded;
    }
}
