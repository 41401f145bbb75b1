using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>
/// One direction of one layer, packed for a vector width. Immutable: state and what a step works with are lent by the caller.
/// </summary>
/// <remarks>
/// A step goes through the cell a vector of units at a time: it sums up all their gates, and puts them through the activations
/// while the weights of the next units are on their way from the cache.
/// </remarks>
/// <param name="bias">In the order of <paramref name="input"/>.</param>
internal abstract unsafe class RecurrentCell(CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias)
{
    // Room for the gates of a vector of units, and what is written behind them.
    private const int MaxGates = 4;
    private const int WidestVector = 16;

    public CellShape Shape { get; } = shape;

    /// <summary>Floats from the input product of one step to that of the next.</summary>
    public int ProductStride { get; } = WeightMatrix.Padded(input.Rows);

    /// <summary>Floats that a step works with beside the scratch of its products.</summary>
    public virtual int WorkFloats => MaxGates * WidestVector;

    public virtual long ResidentBytes => Input.ResidentBytes + Recurrent.ResidentBytes + Bias.Bytes;

    /// <summary>Of a state's product.</summary>
    public virtual int RecurrentScratchFloats => Recurrent.ScratchFloats(1);

    protected WeightMatrix Input { get; } = input;

    protected WeightMatrix Recurrent { get; } = recurrent;

    protected Aligned<float> Bias { get; } = bias;

    /// <summary>Of the products with <paramref name="steps"/> inputs.</summary>
    public int InputScratchFloats(int steps) => Input.ScratchFloats(steps);

    /// <summary>What the input adds to the gates: W x + b for each step, [steps, <see cref="ProductStride"/>].</summary>
    public void Project(float* x, int steps, float* products, float* scratch) =>
        Input.MultiplyMany(x, steps, Bias.Pointer, 0, products, scratch);

    /// <summary>Floats that <see cref="StepMany"/> works with, beside its scratch.</summary>
    public virtual int BatchWorkFloats(int sequences) => sequences * GateStride;

    /// <summary>Of the product with the states of so many sequences.</summary>
    public virtual int BatchScratchFloats(int sequences) => Recurrent.ScratchFloats(sequences);

    /// <summary>
    /// One step of <paramref name="sequences"/> sequences, from their states to their states. Weights are read once for several of them.
    /// Sums are taken in another order than in <see cref="Step"/>, so results may differ in their last digits.
    /// </summary>
    /// <param name="products">Of this step, from <see cref="Project"/>: <see cref="ProductStride"/> floats from sequence to sequence.</param>
    /// <param name="hidden">[sequences, hidden], and room for a vector behind it; so is <paramref name="next"/>, which is written.</param>
    /// <param name="memory">c, updated: padded, <see cref="MemoryStride"/> floats from sequence to sequence; not touched by cells without one.</param>
    /// <param name="work"><see cref="BatchWorkFloats"/>.</param>
    /// <param name="scratch"><see cref="BatchScratchFloats"/>.</param>
    public abstract void StepMany(float* products, int sequences, float* hidden, float* next, float* memory, float* work, float* scratch);

    /// <summary>Floats from the memory of one sequence to that of the next.</summary>
    public int MemoryStride => WeightMatrix.Padded(Shape.Hidden);

    /// <summary>Floats from the recurrent product of one sequence to that of the next.</summary>
    protected int GateStride => WeightMatrix.Padded(Recurrent.Rows);

    /// <summary>One step from state to state.</summary>
    /// <param name="x">The step's input, or null if <paramref name="product"/> has been computed by <see cref="Project"/>.</param>
    /// <param name="product">Of this step: room for it, or what it is.</param>
    /// <param name="hidden">h before the step; padded to whole vectors, what is behind its last unit is of no meaning.</param>
    /// <param name="next">h after the step, likewise: written.</param>
    /// <param name="memory">c, updated, likewise; not touched by cells without one.</param>
    /// <param name="backwards">Whether to go through the weights from their end: the other way than the step before.</param>
    public abstract void Step(float* x, float* product, float* hidden, float* next, float* memory, in CellWorkspace workspace, bool backwards);
}

/// <summary>Buffers that cells use one after the other.</summary>
/// <param name="Products">Of the inputs of several steps.</param>
/// <param name="Work"><see cref="RecurrentCell.WorkFloats"/>.</param>
/// <param name="InputScratch"><see cref="RecurrentCell.InputScratchFloats"/>.</param>
/// <param name="RecurrentScratch"><see cref="RecurrentCell.RecurrentScratchFloats"/>.</param>
internal readonly record struct CellWorkspace(Aligned<float> Products, Aligned<float> Work, Aligned<float> InputScratch, Aligned<float> RecurrentScratch)
{
    public long Bytes => Products.Bytes + Work.Bytes + InputScratch.Bytes + RecurrentScratch.Bytes;
}
