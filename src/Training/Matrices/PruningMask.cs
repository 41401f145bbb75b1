using System.Numerics;

namespace Fleet.Training.Matrices;

/// <summary>
/// Which weights of a matrix are still there while it is pruned: ever fewer, those of greatest magnitude over all gates together
/// (Zhu and Gupta 2017). They are kept or dropped by blocks: the rows of a gate are taken some at a time, and of a column such a
/// stack of rows is one block, whose magnitude is its L2 norm. What was dropped is zero and stays so.
/// </summary>
/// <param name="start">Where the weights [gates * rows, columns] begin among the matrix's parameters.</param>
/// <param name="height">Rows of a block; 1 where every weight is judged by itself. A gate's last stack may have fewer.</param>
/// <param name="target">Blocks that are left in the end.</param>
internal sealed unsafe class PruningMask<T>(int start, int gates, int rows, int columns, int height, int target)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int stacks = (rows + height - 1) / height;
    private readonly bool[] kept = Enumerable.Repeat(true, gates * ((rows + height - 1) / height) * columns).ToArray();

    public int Target => target;

    /// <summary>Blocks that there are.</summary>
    public int Count => kept.Length;

    /// <summary>Which blocks are kept, [gates * stacks, columns].</summary>
    public ReadOnlySpan<bool> Kept => kept;

    public int KeptCount => kept.Count(keep => keep);

    /// <summary>Drops the smallest blocks until <paramref name="count"/> are left; of equals the first is dropped. Dropped weights are set to zero.</summary>
    /// <param name="parameters">The matrix's.</param>
    /// <exception cref="ArgumentException">A weight is NaN: there is no order.</exception>
    public void KeepLargest(Span<T> parameters, int count)
    {
        var order = new List<(double Square, int Block)>();
        for (var block = 0; block < kept.Length; block++)
        {
            if (kept[block])
            {
                order.Add((Square(parameters, block), block));
            }
        }

        order.Sort();
        foreach (var (_, block) in order.Take(Math.Max(0, order.Count - count)))
        {
            kept[block] = false;
        }

        fixed (T* pointer = parameters)
        {
            Clear(pointer);
        }
    }

    /// <summary>Takes a mask that was kept elsewhere.</summary>
    public void Restore(ReadOnlySpan<bool> mask) => mask.CopyTo(kept);

    /// <summary>Zeroes what belongs to dropped weights: of the parameters themselves, their gradients, their moments.</summary>
    public void Clear(T* parameters)
    {
        for (var stack = 0; stack < gates * stacks; stack++)
        {
            var keep = Kept.Slice(stack * columns, columns);
            var (row, there) = Rows(stack);
            var weights = parameters + start + ((long)row * columns);
            for (var line = 0; line < there; line++, weights += columns)
            {
                for (var column = 0; column < columns; column++)
                {
                    if (!keep[column])
                    {
                        weights[column] = T.Zero;
                    }
                }
            }
        }
    }

    // Squares of floats are exact in double, so that single weights stand in the very order of their magnitudes.
    private double Square(ReadOnlySpan<T> parameters, int block)
    {
        var (row, there) = Rows(block / columns);
        var sum = 0.0;
        for (var line = 0; line < there; line++)
        {
            var index = start + ((row + line) * columns) + (block % columns);
            var value = double.CreateTruncating(parameters[index]);
            sum += double.IsFinite(value) ? value * value : throw new ArgumentException($"Weight {index} is {parameters[index]}.");
        }

        return sum;
    }

    // The first of a stack's rows, counted over all gates, and how many it has.
    private (int First, int Count) Rows(int stack)
    {
        var row = stack % stacks * height;
        return ((stack / stacks * rows) + row, Math.Min(height, rows - row));
    }
}
