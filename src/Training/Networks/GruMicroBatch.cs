using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>
/// The reset gate after the product: r, z = s(W x + U h + b); q = U_n h + b_hn; n = tanh(W_n x + b_n + r q); h = (1 - z) n + z h.
/// </summary>
internal sealed unsafe class GruMicroBatch<T> : CellMicroBatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // r, z, n of each step; q of each step.
    private readonly AlignedBuffer<T> gates;
    private readonly AlignedBuffer<T> products;
    private readonly AlignedBuffer<T> recurrentProduct;
    private readonly AlignedBuffer<T> direct;
    private readonly AlignedBuffer<T> sums;
    // The recurrent product's own: that of its candidate is scaled by r.
    private readonly AlignedBuffer<T> recurrentSums;
    private readonly AlignedBuffer<T> biasLanes;
    private readonly AlignedBuffer<T> candidateBiasLanes;

    public GruMicroBatch(TrainableCell<T> cell, BatchArithmetic<T> arithmetic, int steps)
        : base(cell, arithmetic, steps)
    {
        gates = new AlignedBuffer<T>(3 * steps * Size);
        products = new AlignedBuffer<T>(steps * Size);
        recurrentProduct = new AlignedBuffer<T>(3 * Size);
        direct = new AlignedBuffer<T>(Size);
        sums = MatrixPass<T>.Slots(3 * Hidden);
        recurrentSums = MatrixPass<T>.Slots(3 * Hidden);
        biasLanes = new AlignedBuffer<T>(3L * Hidden * MicroBatch.Lanes);
        candidateBiasLanes = new AlignedBuffer<T>((long)Hidden * MicroBatch.Lanes);
    }

    public override void Collect(T* gradient)
    {
        base.Collect(gradient);
        LaneSums.Collect(biasLanes, 3 * Hidden, gradient + Cell.BiasStart);
        LaneSums.Collect(candidateBiasLanes, Hidden, gradient + Cell.CandidateBiasStart);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var buffer in new[] { gates, products, recurrentProduct, direct, sums, recurrentSums, biasLanes, candidateBiasLanes })
        {
            buffer.Dispose();
        }
    }

    protected override void StepForward(int step, T* x)
    {
        var own = gates.Pointer + (3 * step * Size);
        Arithmetic.Fill(Cell.Bias, 3 * Hidden, own);
        AddInput(step, x, own);
        var recurrent = recurrentProduct.Pointer;
        new Span<T>(recurrent, (int)(2 * Size)).Clear();
        Arithmetic.Fill(Cell.CandidateBias, Hidden, recurrent + (2 * Size));
        AddRecurrent(step, recurrent);
        Arithmetic.GruForward(Hidden, own, recurrent, Output(step), products.Pointer + (step * Size), Output(step + 1));
    }

    protected override void StepBack(int step, int slot, T* x, T* dx)
    {
        var own = sums.Pointer + (3 * slot * Size);
        var recurrent = recurrentSums.Pointer + (3 * slot * Size);
        Arithmetic.GruBackward(
            Hidden, gates.Pointer + (3 * step * Size), products.Pointer + (step * Size), Output(step), OutputGradient, own, recurrent, direct.Pointer);
        Arithmetic.AddLanes(own, 3 * Hidden, biasLanes.Pointer);
        Arithmetic.AddLanes(recurrent + (2 * Size), Hidden, candidateBiasLanes.Pointer);
        RecurrentBack(step, slot, recurrent);
        Arithmetic.Add(direct.Pointer, OutputGradient, Size);
        InputBack(slot, x, own, dx);
    }

    protected override void AddGradients(int last, int count, StepVectors<T> x)
    {
        AddInputGradients(last, count, x, sums, 3 * Hidden);
        AddRecurrentGradients(last, count, recurrentSums, 3 * Hidden);
    }
}
