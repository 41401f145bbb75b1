namespace Fleet.Kernels.Structures;

/// <summary>Methods by name: what a model file may name and what a recipe may ask for. Immutable.</summary>
public sealed class MethodRegistry(IReadOnlyList<IWeightMethod> all)
{
    public IReadOnlyList<IWeightMethod> All { get; } = all;

    public IWeightMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);

    /// <summary>These methods and one more.</summary>
    /// <exception cref="ArgumentException">Its name is taken.</exception>
    public MethodRegistry With(IWeightMethod method) => Find(method.Name) is null
        ? new([.. All, method])
        : throw new ArgumentException($"There is a method '{method.Name}' already; each needs a name of its own.", nameof(method));
}
