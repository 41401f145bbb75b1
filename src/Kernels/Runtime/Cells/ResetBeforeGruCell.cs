using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>r, z = sigmoid(W x + U h + b); n = tanh(W_n x + b_n + U_n (r h)); h = (1 - z) n + z h. The candidate needs a product of its own.</summary>
internal sealed unsafe class ResetBeforeGruCell<V>(CellShape shape, WeightMatrix input, WeightMatrix recurrent, WeightMatrix candidate, Aligned<float> bias)
    : RecurrentCell(shape, input, recurrent, bias)
    where V : unmanaged, IVector<V>
{
    // Where sums begin to which the input's product is added afterwards.
    private readonly Aligned<float> zeros = new(WeightMatrix.Padded(2 * shape.Hidden));
    private readonly int padded = WeightMatrix.Padded(shape.Hidden);

    /// <summary>The gates of a vector of units; z; r h; the candidate's product.</summary>
    public override int WorkFloats => base.WorkFloats + (3 * padded);

    public override long ResidentBytes => base.ResidentBytes + candidate.ResidentBytes + zeros.Bytes;

    public override int RecurrentScratchFloats => Math.Max(base.RecurrentScratchFloats, candidate.ScratchFloats(1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Step(float* x, float* product, float* hidden, float* next, float* memory, in CellWorkspace workspace, bool backwards)
    {
        var (order, inputOrder) = (Recurrent.Order, Input.Order);
        var gates = workspace.Work.Pointer;
        var update = gates + base.WorkFloats;
        var reset = update + padded;
        var sums = reset + padded;
        var scratch = workspace.RecurrentScratch.Pointer;
        if (x != null)
        {
            Input.Multiply(x, Bias.Pointer, product, workspace.InputScratch.Pointer, backwards);
        }

        Recurrent.Begin(hidden, scratch, backwards);
        for (var vector = 0; vector < order.Vectors; vector++)
        {
            var unit = vector * V.Lanes;
            Recurrent.Finish(vector, hidden, product + inputOrder.Start(vector), gates, scratch);
            (V.Load(hidden + unit) / Activation.SigmoidDivisor(V.Load(gates))).Store(reset + unit);
            V.Load(gates + order.GateStride(vector)).Store(update + unit);
        }

        candidate.Multiply(reset, zeros.Pointer, sums, scratch, backwards);
        for (var vector = 0; vector < order.Vectors; vector++)
        {
            var unit = vector * V.Lanes;
            var n = V.Load(product + inputOrder.Start(vector) + (2 * order.GateStride(vector))) + V.Load(sums + unit);
            GruGates<V>.Output(V.Load(update + unit), n, V.Load(hidden + unit)).Store(next + unit);
        }
    }

    /// <summary>The gates of all sequences; their z; r h; the candidate's products.</summary>
    public override int BatchWorkFloats(int sequences) => base.BatchWorkFloats(sequences) + (3 * sequences * padded);

    public override int BatchScratchFloats(int sequences) => Math.Max(base.BatchScratchFloats(sequences), candidate.ScratchFloats(sequences));

    // A vector written behind a sequence's last unit falls on the next sequence, whose units are written after it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void StepMany(float* products, int sequences, float* hidden, float* next, float* memory, float* work, float* scratch)
    {
        var (order, inputOrder, units) = (Recurrent.Order, Input.Order, Shape.Hidden);
        var update = work + (sequences * GateStride);
        var sums = update + (sequences * padded);
        var reset = sums + (sequences * padded);
        Recurrent.MultiplyMany(hidden, sequences, zeros.Pointer, 0, work, scratch);
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            var product = products + (sequence * ProductStride);
            var gates = work + (sequence * GateStride);
            var state = sequence * units;
            for (var vector = 0; vector < order.Vectors; vector++)
            {
                var (unit, start, added, stride) = (vector * V.Lanes, order.Start(vector), inputOrder.Start(vector), order.GateStride(vector));
                (V.Load(hidden + state + unit) / Activation.SigmoidDivisor(V.Load(product + added) + V.Load(gates + start))).Store(reset + state + unit);
                (V.Load(product + added + stride) + V.Load(gates + start + stride)).Store(update + (sequence * padded) + unit);
            }
        }

        candidate.MultiplyMany(reset, sequences, zeros.Pointer, 0, sums, scratch);
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            var product = products + (sequence * ProductStride);
            var state = sequence * units;
            for (var vector = 0; vector < order.Vectors; vector++)
            {
                var unit = vector * V.Lanes;
                var place = (sequence * padded) + unit;
                var n = V.Load(product + inputOrder.Start(vector) + (2 * order.GateStride(vector))) + V.Load(sums + place);
                GruGates<V>.Output(V.Load(update + place), n, V.Load(hidden + state + unit)).Store(next + state + unit);
            }
        }
    }
}
