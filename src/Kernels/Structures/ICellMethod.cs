namespace Fleet.Kernels.Structures;

/// <summary>A way to make a cell smaller that a recipe can ask for; <see cref="Methods.CellAllocator"/> says what becomes of the cell.</summary>
public interface ICellMethod
{
    string Name { get; }

    /// <summary>What it takes in a recipe, beside what every method takes.</summary>
    IReadOnlyList<MethodParameter> Parameters { get; }
}
