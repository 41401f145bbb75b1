using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>
/// One direction of one layer, packed for a vector width. Immutable: state and what a step works with are lent by the caller.
/// </summary>
internal abstract unsafe class RecurrentCell(CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias)
{
    public CellShape Shape { get; } = shape;

    /// <summary>All gates of an input product stand one after the other, the next step's so many floats behind.</summary>
    public int ProductStride { get; } = WeightMatrix.Padded(input.Rows);

    /// <summary>Floats that a step works with beside the scratch of its products.</summary>
    public virtual int WorkFloats => ProductStride;

    public virtual long ResidentBytes => input.ResidentBytes + Recurrent.ResidentBytes + bias.Bytes;

    protected WeightMatrix Recurrent { get; } = recurrent;

    /// <summary>Of the products with <paramref name="steps"/> inputs and one state.</summary>
    public virtual int ScratchFloats(int steps) => Math.Max(input.ScratchFloats(steps), Recurrent.ScratchFloats(1));

    /// <summary>What the input adds to the gates: W x + b for each step, [steps, <see cref="ProductStride"/>].</summary>
    public void Project(float* x, int steps, float* products, float* scratch)
    {
        if (steps == 1)
        {
            input.Multiply(x, bias.Pointer, products, scratch);
        }
        else
        {
            input.MultiplyMany(x, steps, bias.Pointer, products, scratch);
        }
    }

    /// <summary>One step from state to state.</summary>
    /// <param name="product">Of this step, from <see cref="Project"/>.</param>
    /// <param name="hidden">h, updated; padded to whole vectors, what is behind its last unit is of no meaning.</param>
    /// <param name="memory">c, updated, likewise; not touched by cells without one.</param>
    /// <param name="work"><see cref="WorkFloats"/>.</param>
    public abstract void Step(float* product, float* hidden, float* memory, float* work, float* scratch);
}
