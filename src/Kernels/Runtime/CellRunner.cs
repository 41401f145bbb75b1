using Fleet.Kernels.Matrices;
using Fleet.Kernels.Runtime.Cells;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime;

/// <summary>One cell's state, and its way along a sequence.</summary>
internal sealed unsafe class CellRunner(RecurrentCell cell, bool reverse)
{
    // The input's products of so many steps wait in the cache for the recurrence; a longer window goes in several turns.
    private const int MaxFloatsAhead = 1 << 16;
    private const int MinStepsAhead = 32;

    private Aligned<float> hidden = new(WeightMatrix.Padded(cell.Shape.Hidden));
    private Aligned<float> next = new(WeightMatrix.Padded(cell.Shape.Hidden));
    private readonly Aligned<float> memory = new(cell.Shape.HasMemory ? WeightMatrix.Padded(cell.Shape.Hidden) : 0);

    // Each step finds in the cache what the one before read last.
    private bool backwards;

    public Span<float> Hidden => hidden.Span[..cell.Shape.Hidden];

    public Span<float> Memory => cell.Shape.HasMemory ? memory.Span[..cell.Shape.Hidden] : [];

    public float* HiddenPointer => hidden.Pointer;

    public long ResidentBytes => hidden.Bytes + next.Bytes + memory.Bytes;

    /// <summary>What the runs of one thread's cells, one after the other, work with.</summary>
    public static CellWorkspace Workspace(IEnumerable<RecurrentCell> cells, int maxSteps)
    {
        var (products, work, input, recurrent) = (0, 0, 0, 0);
        foreach (var cell in cells)
        {
            var ahead = StepsAhead(cell, maxSteps);
            products = Math.Max(products, ahead * cell.ProductStride);
            work = Math.Max(work, cell.WorkFloats);
            input = Math.Max(input, cell.InputScratchFloats(ahead));
            recurrent = Math.Max(recurrent, cell.RecurrentScratchFloats);
        }

        return new(new Aligned<float>(products), new Aligned<float>(work), new Aligned<float>(input), new Aligned<float>(recurrent));
    }

    public void Reset()
    {
        hidden.Span.Clear();
        memory.Span.Clear();
        backwards = false;
    }

    /// <summary>One step of a forward cell.</summary>
    public void Step(float* x, in CellWorkspace workspace)
    {
        Step(x, workspace.Products.Pointer, workspace);
    }

    /// <summary>All steps of a sequence, from the state that there is; of a reverse cell, from the last step to the first.</summary>
    /// <param name="x">[steps, input]</param>
    /// <param name="outputs">If not null, written: the state after each step in the sequence's order, <paramref name="outputStride"/> floats apart.</param>
    public void Run(float* x, int steps, float* outputs, int outputStride, in CellWorkspace workspace)
    {
        var ahead = StepsAhead(cell, steps);
        for (var done = 0; done < steps; done += ahead)
        {
            var count = Math.Min(ahead, steps - done);
            var first = reverse ? steps - done - count : done;
            var products = workspace.Products.Pointer;
            cell.Project(x + ((long)first * cell.Shape.Input), count, products, workspace.InputScratch.Pointer);
            for (var turn = 0; turn < count; turn++)
            {
                var step = reverse ? count - 1 - turn : turn;
                Step(null, products + ((long)step * cell.ProductStride), workspace);
                if (outputs is not null)
                {
                    Hidden.CopyTo(new Span<float>(outputs + ((long)(first + step) * outputStride), cell.Shape.Hidden));
                }
            }
        }
    }

    private static int StepsAhead(RecurrentCell cell, int steps) =>
        Math.Min(steps, Math.Max(MinStepsAhead, MaxFloatsAhead / cell.ProductStride));

    private void Step(float* x, float* product, in CellWorkspace workspace)
    {
        cell.Step(x, product, hidden.Pointer, next.Pointer, memory.Pointer, workspace, backwards);
        (hidden, next) = (next, hidden);
        backwards = !backwards;
    }
}
