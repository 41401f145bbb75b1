namespace Fleet.Kernels.Structures;

/// <summary>The methods that structure a matrix, by name.</summary>
public static class WeightMethods
{
    public static IReadOnlyList<IWeightMethod> All { get; } =
    [
        new DenseMethod(), new HmdMethod(), new LmfMethod(), new PrunedMethod(), new BlockSparseMethod(), new KroneckerMethod(), new DopedKroneckerMethod(),
    ];

    public static IWeightMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
