using System.Numerics;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Matrices;

/// <summary>
/// How the weights of a structure are learnt. A new one is a folder with a class that implements this, and its line in
/// <see cref="Methods.MatrixTrainings"/>.
/// </summary>
internal interface IMatrixTraining
{
    Type Structure { get; }

    TrainableMatrix<T> Create<T>(MatrixStructure structure)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The weights that come nearest to a dense matrix, in the order in which <see cref="TrainableMatrix{T}"/> learns them.</summary>
    /// <param name="dense">[gates * rows, columns]</param>
    /// <returns>What is pruned on the way begins as the dense matrix itself.</returns>
    /// <exception cref="ArgumentException">A weight is NaN.</exception>
    double[] Compress(MatrixStructure structure, ReadOnlySpan<double> dense);

    /// <summary>The weights of a stored matrix as they are learnt.</summary>
    /// <param name="tensor">By the names in the structure.</param>
    double[] Learnt(MatrixStructure structure, Func<string, Tensor> tensor);

    /// <summary>Of each tensor of weights, what its rows are multiplied with, so that int8 can be calibrated.</summary>
    /// <param name="tensor">The trained weights, by their names in the structure.</param>
    /// <param name="x">Of what the matrix reads.</param>
    IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(MatrixStructure structure, Func<string, Tensor> tensor, SecondMoments x);
}

/// <summary>How weights of the form <typeparamref name="S"/> are learnt.</summary>
internal abstract class MatrixTraining<S> : IMatrixTraining
    where S : MatrixStructure
{
    public Type Structure => typeof(S);

    public TrainableMatrix<T> Create<T>(MatrixStructure structure)
        where T : unmanaged, IFloatingPointIeee754<T> => Create<T>((S)structure);

    public double[] Compress(MatrixStructure structure, ReadOnlySpan<double> dense) => Compress((S)structure, dense);

    public double[] Learnt(MatrixStructure structure, Func<string, Tensor> tensor) => Learnt((S)structure, tensor);

    public IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(MatrixStructure structure, Func<string, Tensor> tensor, SecondMoments x) =>
        Multiplied((S)structure, tensor, x);

    /// <inheritdoc cref="IMatrixTraining.Create{T}(MatrixStructure)"/>
    protected abstract TrainableMatrix<T> Create<T>(S structure)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <inheritdoc cref="IMatrixTraining.Compress"/>
    protected abstract double[] Compress(S structure, ReadOnlySpan<double> dense);

    /// <summary>All tensors one behind the other, unless something is stored otherwise than it is learnt.</summary>
    protected virtual double[] Learnt(S structure, Func<string, Tensor> tensor) =>
        [.. structure.Tensors.SelectMany(spec => Array.ConvertAll(tensor(spec.Name).Floats.ToArray(), value => (double)value))];

    /// <inheritdoc cref="IMatrixTraining.Multiplied"/>
    protected abstract IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(S structure, Func<string, Tensor> tensor, SecondMoments x);
}
