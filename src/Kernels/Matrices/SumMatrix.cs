namespace Fleet.Kernels.Matrices;

/// <summary>W = A + B, each in its own form.</summary>
internal sealed unsafe class SumMatrix(WeightMatrix first, WeightMatrix second) : WeightMatrix(first.Order, first.Columns)
{
    // The first one's result for a vector of units is what the second one begins with.
    private readonly int between = Padded(first.Order.Gates * first.Order.Lanes);

    public override long ResidentBytes => first.ResidentBytes + second.ResidentBytes;

    // Behind what the two need: the first one's results of all steps, which MultiplyMany begins the second one with.
    public override int ScratchFloats(int steps) => between + first.ScratchFloats(steps) + second.ScratchFloats(steps) + (steps * Padded(Rows));

    public override void Begin(float* x, float* scratch, bool backwards)
    {
        first.Begin(x, scratch + between, backwards);
        second.Begin(x, scratch + between + first.ScratchFloats(1), backwards);
    }

    public override void Finish(int vector, float* x, float* initial, float* y, float* scratch)
    {
        first.Finish(vector, x, initial, scratch, scratch + between);
        second.Finish(vector, x, scratch, y, scratch + between + first.ScratchFloats(1));
    }

    public override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch)
    {
        var sums = scratch + between + first.ScratchFloats(steps) + second.ScratchFloats(steps);
        first.MultiplyMany(x, steps, initial, initialStride, sums, scratch + between);
        second.MultiplyMany(x, steps, sums, Padded(Rows), y, scratch + between + first.ScratchFloats(steps));
    }
}
