using Fleet.Kernels.Structures;

namespace Fleet.Training.Matrices;

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
}
