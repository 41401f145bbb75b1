namespace Fleet.Kernels.Structures.Products;

/// <summary>
/// A matrix of which only some weights are stored, those of <paramref name="Height"/> rows of a column together, and where is told by
/// the tensors beside them: <see cref="Values"/>[entries, height], <see cref="Indices"/>[entries], <see cref="Offsets"/>[rows / height + 1].
/// In int8 each row has a scale.
/// </summary>
/// <param name="Name">Within the weight matrix; one for each factor.</param>
/// <param name="Rows">A multiple of <paramref name="Height"/>.</param>
public sealed record SparseFactor(string Name, int Rows, int Columns, int Height)
{
    public const string Values = "values";
    public const string Indices = "columns";
    public const string Offsets = "row_offsets";

    /// <summary>Entries are told for so many rows at a time.</summary>
    public int Stacks => Rows / Height;
}
