using Fleet.Kernels.Structures;
using Fleet.Training.Matrices;

namespace Fleet.Training.Compression;

/// <summary>The weights of a structure that come nearest to a dense matrix, from which it is then tuned.</summary>
internal static class MatrixCompression
{
    /// <inheritdoc cref="IMatrixTraining.Compress"/>
    /// <exception cref="NotSupportedException">Nothing says how this structure is trained.</exception>
    public static double[] Compress(MatrixStructure structure, ReadOnlySpan<double> dense) => MatrixTrainings.Of(structure).Compress(structure, dense);
}
