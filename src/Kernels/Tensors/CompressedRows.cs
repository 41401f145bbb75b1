namespace Fleet.Kernels.Tensors;

/// <summary>Sparse rows: for each row where its entries begin and end, and for each entry its column.</summary>
internal static class CompressedRows
{
    /// <summary>The row of each entry.</summary>
    public static int[] Rows(ReadOnlySpan<uint> offsets)
    {
        var rows = new int[offsets[^1]];
        for (var row = 0; row < offsets.Length - 1; row++)
        {
            rows.AsSpan((int)offsets[row], (int)(offsets[row + 1] - offsets[row])).Fill(row);
        }

        return rows;
    }

    /// <summary>The first contradiction, or null. Offsets ascend from 0 to the number of entries, columns within a row.</summary>
    public static TensorFault? FindFault(ReadOnlySpan<uint> offsets, ReadOnlySpan<ushort> columns, int columnCount)
    {
        var entries = (uint)columns.Length;
        if (offsets[0] != 0 || offsets[^1] != entries)
        {
            return new("row_offsets", $"they go from {offsets[0]} to {offsets[^1]}, not from 0 to {entries}.");
        }

        for (var row = 0; row < offsets.Length - 1; row++)
        {
            var (begin, end) = (offsets[row], offsets[row + 1]);
            if (end < begin || end > entries)
            {
                return new("row_offsets", $"row {row} goes from {begin} to {end}.");
            }

            for (var index = (int)begin; index < (int)end; index++)
            {
                if (columns[index] >= columnCount)
                {
                    return new("columns", $"element {index} is {columns[index]}, but the matrix has {columnCount} columns.");
                }

                if (index > (int)begin && columns[index] <= columns[index - 1])
                {
                    return new("columns", $"the columns of row {row} do not ascend: {columns[index]} follows {columns[index - 1]} at element {index}.");
                }
            }
        }

        return null;
    }
}
