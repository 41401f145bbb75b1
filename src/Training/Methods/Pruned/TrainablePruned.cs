using System.Numerics;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Tensors;
using Fleet.Training.Matrices;
using Fleet.Training.Methods.Dense;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.Pruned;

/// <summary>A dense matrix of which ever fewer weights are kept.</summary>
internal sealed class TrainablePruned<T>(PrunedStructure structure) : TrainableDense<T>(structure)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly PruningMask<T> mask = new(0, structure.Gates, structure.Rows, structure.Columns, height: 1, structure.NonZeros);

    public override PruningMask<T> Pruning => mask;

    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters) =>
        SparseRows.Export(prefix, mask.Kept, parameters, Gates * Rows, Columns);
}

internal sealed class PrunedTraining : MatrixTraining<PrunedStructure>
{
    protected override TrainableMatrix<T> Create<T>(PrunedStructure structure) => new TrainablePruned<T>(structure);

    protected override double[] Compress(PrunedStructure structure, ReadOnlySpan<double> dense) => dense.ToArray();

    protected override double[] Learnt(PrunedStructure structure, Func<string, Tensor> tensor) =>
        SparseRows.Spread(structure, structure.Gates * structure.Rows, 1, tensor);

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(PrunedStructure structure, Func<string, Tensor> tensor, SecondMoments x) =>
        [("values", MultipliedRows.Sparse(structure, height: 1, tensor, x))];
}
