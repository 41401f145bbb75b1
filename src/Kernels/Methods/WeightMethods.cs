using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Methods.Kronecker;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Methods;

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
