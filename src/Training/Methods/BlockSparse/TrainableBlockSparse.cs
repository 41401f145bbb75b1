using System.Numerics;
using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Tensors;
using Fleet.Training.Matrices;
using Fleet.Training.Methods.Dense;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.BlockSparse;

/// <summary>A dense matrix of which ever fewer blocks of some rows in one column are kept.</summary>
internal sealed class TrainableBlockSparse<T>(BlockSparseStructure structure) : TrainableDense<T>(structure)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly PruningMask<T> mask = new(0, structure.Gates, structure.Rows, structure.Columns, structure.Height, structure.Blocks);

    public override PruningMask<T> Pruning => mask;

    /// <summary>Blocks are stored whole: where a gate's last stack has fewer rows, zeros stand for the others.</summary>
    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters)
    {
        var blocks = SparseRows.Indices(mask.Kept);
        var height = structure.Height;
        var values = new float[blocks.Count * height];
        for (var index = 0; index < blocks.Count; index++)
        {
            var (stack, column) = (blocks[index] / Columns, blocks[index] % Columns);
            var row = stack % structure.Stacks * height;
            var first = (stack / structure.Stacks * Rows) + row;
            for (var line = 0; line < Math.Min(height, Rows - row); line++)
            {
                values[(index * height) + line] = parameters[((first + line) * Columns) + column];
            }
        }

        return [new Tensor(prefix + "values", [blocks.Count, height], values), .. SparseRows.Positions(prefix, mask.Kept, Gates * structure.Stacks, Columns)];
    }
}

internal sealed class BlockSparseTraining : MatrixTraining<BlockSparseStructure>
{
    protected override TrainableMatrix<T> Create<T>(BlockSparseStructure structure) => new TrainableBlockSparse<T>(structure);

    protected override double[] Compress(BlockSparseStructure structure, ReadOnlySpan<double> dense) => dense.ToArray();

    protected override double[] Learnt(BlockSparseStructure structure, Func<string, Tensor> tensor) =>
        SparseRows.Spread(structure, structure.Gates * structure.Stacks, structure.Height, tensor);

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(
        BlockSparseStructure structure, Func<string, Tensor> tensor, SecondMoments x) =>
        [("values", MultipliedRows.Sparse(structure, structure.Height, tensor, x))];
}
