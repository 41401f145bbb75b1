namespace Fleet.Kernels.Structures;

/// <summary>The methods that structure a matrix and that are part of this version, by name. docs/adding-a-method.md says how another one comes in.</summary>
public static class WeightMethods
{
    public static MethodRegistry Registry { get; } = new(
    [
        new DenseMethod(),
        new HmdMethod(),
        new LmfMethod(),
        new PrunedMethod(),
        new BlockSparseMethod(),
        new KroneckerMethod(),
        new DopedKroneckerMethod(),
    ]);

    public static IReadOnlyList<IWeightMethod> All => Registry.All;

    public static IWeightMethod? Find(string name) => Registry.Find(name);
}
