using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// The weights of all gates that read one vector, packed for speed. Immutable; what a product needs beside its operands is
/// lent by the caller, so one matrix serves any number of threads. Results and initial values are in the order of
/// <see cref="UnitOrder"/>.
/// </summary>
/// <remarks>
/// Results are written vector by vector, so a result or initial value of m floats has room for <see cref="Padded"/>(m); what is
/// behind the m-th is of no meaning. Nothing is read behind an operand x.
/// </remarks>
internal abstract unsafe class WeightMatrix(UnitOrder order, int columns)
{
    private const int Widest = 16;

    public UnitOrder Order { get; } = order;

    /// <summary>Outputs of all gates.</summary>
    public int Rows => Order.Gates * Order.Units;

    public int Columns { get; } = columns;

    /// <summary>What the packed weights take in memory.</summary>
    public abstract long ResidentBytes { get; }

    /// <summary>Floats that a product with <paramref name="steps"/> vectors works with.</summary>
    public abstract int ScratchFloats(int steps);

    /// <summary>
    /// The first half of y = initial + W x: what all rows share is left in <paramref name="scratch"/>, for <see cref="Finish"/>,
    /// which gives the rows of one vector of units after the other, in any order.
    /// </summary>
    /// <param name="backwards">Whether to go through the weights from their end; the result is the same: see <see cref="Panels{V}"/>.</param>
    public abstract void Begin(float* x, float* scratch, bool backwards);

    /// <summary>All gates of one vector of units.</summary>
    /// <param name="initial">Of these units, <see cref="UnitOrder.GateStride"/> floats from gate to gate; so is <paramref name="y"/>.</param>
    /// <param name="y">Written. Overlaps no other operand.</param>
    public abstract void Finish(int vector, float* x, float* initial, float* y, float* scratch);

    /// <summary>y = initial + W x. y overlaps neither operand.</summary>
    public virtual void Multiply(float* x, float* initial, float* y, float* scratch, bool backwards)
    {
        Begin(x, scratch, backwards);
        for (var vector = 0; vector < Order.Vectors; vector++)
        {
            var start = Order.Start(vector);
            Finish(vector, x, initial + start, y + start, scratch);
        }
    }

    /// <summary>y_s = initial_s + W x_s for all <paramref name="steps"/> vectors; the x_s stand one after the other, the y_s too, but padded.</summary>
    /// <param name="initialStride">Floats from one initial value to the next; 0 where all begin with the same.</param>
    public abstract void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch);

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
