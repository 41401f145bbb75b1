using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>What a cell makes of the gates of a vector of units once they are summed up.</summary>
internal unsafe interface IGates
{
    /// <param name="product">What the input adds; <paramref name="stride"/> floats from gate to gate.</param>
    /// <param name="gates">The sums, likewise.</param>
    /// <param name="hidden">h before the step, of these units; so are <paramref name="next"/>, h after it, and <paramref name="memory"/>.</param>
    /// <param name="unit">The first of these units.</param>
    void Update(float* product, float* gates, int stride, float* hidden, float* next, float* memory, int unit);
}

/// <summary>
/// A cell all of whose gates read x and h as they are: a vector of units at a time through <typeparamref name="TGates"/>.
/// </summary>
/// <param name="initial">What the recurrent product begins with; null where it begins with the input's.</param>
internal sealed unsafe class GatedCell<TGates>(
    CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias, Aligned<float>? initial, TGates activations)
    : RecurrentCell(shape, input, recurrent, bias)
    where TGates : struct, IGates
{
    public override long ResidentBytes => base.ResidentBytes + (initial?.Bytes ?? 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Step(float* x, float* product, float* hidden, float* next, float* memory, in CellWorkspace workspace, bool backwards)
    {
        var order = Recurrent.Order;
        var gates = workspace.Work.Pointer;
        var scratch = workspace.RecurrentScratch.Pointer;
        var inputScratch = workspace.InputScratch.Pointer;
        if (x != null)
        {
            Input.Begin(x, inputScratch, backwards);
        }

        Recurrent.Begin(hidden, scratch, backwards);
        for (var turn = 0; turn < order.Vectors; turn++)
        {
            var vector = backwards ? order.Vectors - 1 - turn : turn;
            var start = order.Start(vector);
            var unit = vector * order.Lanes;
            if (x != null)
            {
                Input.Finish(vector, x, Bias.Pointer + start, product + start, inputScratch);
            }

            Recurrent.Finish(vector, hidden, (initial is null ? product : initial.Pointer) + start, gates, scratch);
            activations.Update(product + start, gates, order.GateStride(vector), hidden + unit, next + unit, memory + unit, unit);
        }
    }

    // A vector written behind a sequence's last unit falls on the next sequence, whose units are written after it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void StepMany(float* products, int sequences, float* hidden, float* next, float* memory, float* work, float* scratch)
    {
        var (order, units) = (Recurrent.Order, Shape.Hidden);
        if (initial is null)
        {
            Recurrent.MultiplyMany(hidden, sequences, products, ProductStride, work, scratch);
        }
        else
        {
            Recurrent.MultiplyMany(hidden, sequences, initial.Pointer, 0, work, scratch);
        }

        for (var sequence = 0; sequence < sequences; sequence++)
        {
            for (var vector = 0; vector < order.Vectors; vector++)
            {
                var start = order.Start(vector);
                var unit = vector * order.Lanes;
                activations.Update(products + start, work + start, order.GateStride(vector), hidden + unit, next + unit, memory + unit, unit);
            }

            products += ProductStride;
            work += GateStride;
            hidden += units;
            next += units;
            memory += MemoryStride;
        }
    }
}
