using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Methods;

/// <summary>The methods that a recipe can ask for, by name.</summary>
public static class CellMethods
{
    public static IReadOnlyList<ICellMethod> All { get; } = [.. WeightMethods.All, new SmallMethod()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(method => method.Name)];

    public static ICellMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
