using Fleet.Kernels.Matrices;
using Fleet.Kernels.Runtime.Cells;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime;

/// <summary>The states of one cell in several sequences, and their way along them in lock-step.</summary>
internal sealed unsafe class BatchCell(RecurrentCell cell, bool reverse, int maxSequences)
{
    // The input's products of so many steps and sequences wait in the cache for the recurrence.
    private const int MaxFloatsAhead = 1 << 17;

    private Aligned<float> hidden = new((maxSequences * cell.Shape.Hidden) + WeightMatrix.Padded(0));
    private Aligned<float> next = new((maxSequences * cell.Shape.Hidden) + WeightMatrix.Padded(0));
    private readonly Aligned<float> memory = new(cell.Shape.HasMemory ? maxSequences * cell.MemoryStride : 0);

    /// <summary>h, [sequences, hidden].</summary>
    public float* Hidden => hidden.Pointer;

    public int Units => cell.Shape.Hidden;

    public long ResidentBytes => hidden.Bytes + next.Bytes + memory.Bytes;

    /// <summary>What the runs of cells, one after the other, work with.</summary>
    public static CellWorkspace Workspace(IEnumerable<RecurrentCell> cells, int maxSequences, int maxSteps)
    {
        var (products, work, input, recurrent) = (0, 0, 0, 0);
        foreach (var cell in cells)
        {
            var rows = StepsAhead(cell, maxSequences, maxSteps) * maxSequences;
            products = Math.Max(products, rows * cell.ProductStride);
            work = Math.Max(work, cell.BatchWorkFloats(maxSequences));
            input = Math.Max(input, cell.InputScratchFloats(rows));
            recurrent = Math.Max(recurrent, cell.BatchScratchFloats(maxSequences));
        }

        return new(new Aligned<float>(products), new Aligned<float>(work), new Aligned<float>(input), new Aligned<float>(recurrent));
    }

    /// <summary>All steps of all sequences from the zero state.</summary>
    /// <param name="x">[steps, sequences, input]</param>
    /// <param name="outputs">If not null, written: the states, [steps, sequences], <paramref name="outputStride"/> floats apart.</param>
    public void Run(float* x, int steps, int sequences, float* outputs, int outputStride, in CellWorkspace workspace)
    {
        hidden.Span.Clear();
        memory.Span.Clear();
        var products = workspace.Products.Pointer;
        var ahead = StepsAhead(cell, maxSequences, steps);
        for (var done = 0; done < steps; done += ahead)
        {
            var count = Math.Min(ahead, steps - done);
            var first = reverse ? steps - done - count : done;
            cell.Project(x + ((long)first * sequences * cell.Shape.Input), count * sequences, products, workspace.InputScratch.Pointer);
            for (var turn = 0; turn < count; turn++)
            {
                var step = reverse ? count - 1 - turn : turn;
                cell.StepMany(
                    products + ((long)step * sequences * cell.ProductStride), sequences, hidden.Pointer, next.Pointer, memory.Pointer, workspace.Work.Pointer,
                    workspace.RecurrentScratch.Pointer);
                (hidden, next) = (next, hidden);
                if (outputs is not null)
                {
                    Store(outputs + ((long)(first + step) * sequences * outputStride), outputStride, sequences);
                }
            }
        }
    }

    /// <summary>Writes the states, <paramref name="stride"/> floats apart.</summary>
    public void Store(float* target, int stride, int sequences)
    {
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            new ReadOnlySpan<float>(hidden.Pointer + ((long)sequence * Units), Units).CopyTo(new Span<float>(target + ((long)sequence * stride), Units));
        }
    }

    private static int StepsAhead(RecurrentCell cell, int sequences, int steps) => Math.Clamp(MaxFloatsAhead / (sequences * cell.ProductStride), 1, steps);
}
