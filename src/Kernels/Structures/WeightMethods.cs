namespace Fleet.Kernels.Structures;

/// <summary>The methods by name.</summary>
public static class WeightMethods
{
    public static IReadOnlyList<IWeightMethod> All { get; } =
    [
        new DenseMethod(), new HmdMethod(), new LmfMethod(), new PrunedMethod(), new BlockSparseMethod(), new KroneckerMethod(), new DopedKroneckerMethod(),
    ];

    /// <summary>Those that models can be trained with.</summary>
    public static IReadOnlyList<IWeightMethod> Trainable { get; } = [.. All.Where(method => method.Trainable)];

    public static IWeightMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);

    public static IWeightMethod? FindTrainable(string name) => Trainable.FirstOrDefault(method => method.Name == name);
}
