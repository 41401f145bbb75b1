namespace Fleet.Kernels.Structures;

/// <summary>A way to make a cell smaller that a recipe can ask for; <see cref="CellAllocator"/> says what becomes of the cell.</summary>
public interface ICellMethod
{
    string Name { get; }

    /// <summary>What it takes in a recipe, beside what every method takes.</summary>
    IReadOnlyList<MethodParameter> Parameters { get; }
}

/// <summary>The methods that a recipe can ask for, by name.</summary>
public static class CellMethods
{
    public static IReadOnlyList<ICellMethod> All { get; } = [.. WeightMethods.All, new SmallMethod()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(method => method.Name)];

    public static ICellMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
