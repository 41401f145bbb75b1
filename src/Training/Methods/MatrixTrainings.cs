using System.Numerics;
using Fleet.Kernels.Structures;
using Fleet.Training.Matrices;
using Fleet.Training.Methods.BlockSparse;
using Fleet.Training.Methods.Dense;
using Fleet.Training.Methods.DopedKronecker;
using Fleet.Training.Methods.Hmd;
using Fleet.Training.Methods.Kronecker;
using Fleet.Training.Methods.Lmf;
using Fleet.Training.Methods.Pruned;

namespace Fleet.Training.Methods;

/// <summary>The structures that can be trained.</summary>
internal static class MatrixTrainings
{
    public static IReadOnlyList<IMatrixTraining> All { get; } =
    [
        new DenseTraining(),
        new HmdTraining(),
        new LmfTraining(),
        new PrunedTraining(),
        new BlockSparseTraining(),
        new KroneckerTraining(),
        new DopedKroneckerTraining(),
    ];

    /// <exception cref="NotSupportedException">There is none for this structure.</exception>
    public static IMatrixTraining Of(MatrixStructure structure) => All.FirstOrDefault(training => training.Structure == structure.GetType())
        ?? throw new NotSupportedException($"Method {structure.Method} cannot be trained: nothing says how.");

    /// <inheritdoc cref="IMatrixTraining.Compress"/>
    /// <exception cref="NotSupportedException">Nothing says how this structure is trained.</exception>
    public static double[] Compress(MatrixStructure structure, ReadOnlySpan<double> dense) => Of(structure).Compress(structure, dense);

    /// <inheritdoc cref="Of"/>
    public static TrainableMatrix<T> Create<T>(MatrixStructure structure)
        where T : unmanaged, IFloatingPointIeee754<T> => Of(structure).Create<T>(structure);
}
