using System.Numerics;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Compression;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Matrices;

/// <summary>
/// W = B kron C + S. S is learnt in dense form and pruned on the way until few weights are left. Parameters: those of the
/// Kronecker product, then s[gates * rows, columns].
/// </summary>
/// <remarks>Source: arXiv 2001.08896 (abstract).</remarks>
internal sealed unsafe class DopedKroneckerMatrix<T> : TrainableMatrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly KroneckerMatrix<T> product;
    private readonly DenseMatrix<T> dope;
    private readonly PruningMask<T> mask;

    public DopedKroneckerMatrix(DopedKroneckerStructure structure)
        : base(structure)
    {
        product = new KroneckerMatrix<T>(structure.Kronecker);
        dope = new DenseMatrix<T>(structure.Dope);
        mask = new PruningMask<T>(product.ParameterCount, Gates, Rows, Columns, height: 1, structure.NonZeros);
    }

    public override int ParameterCount => product.ParameterCount + dope.ParameterCount;

    public override PruningMask<T> Pruning => mask;

    public override int TraceRows => product.TraceRows;

    public override int SensitivityRows => product.SensitivityRows;

    public override IEnumerable<(int Rows, int Length)> ScaledRows => product.ScaledRows.Concat(dope.ScaledRows);

    /// <summary>S begins at zero: it is to correct the product, not to be in its place.</summary>
    public override void Initialise(Span<double> parameters, Xoshiro256 random)
    {
        product.Initialise(parameters[..product.ParameterCount], random);
        parameters[product.ParameterCount..].Clear();
    }

    public override void Load(T* parameters)
    {
        product.Load(parameters);
        dope.Load(parameters + product.ParameterCount);
    }

    public override MatrixShard<T> CreateShard(BatchArithmetic<T> arithmetic) => new DopedShard(this, arithmetic, operand: null);

    /// <summary>The Kronecker product reads x in stretches, S as a whole.</summary>
    public override MatrixShard<T> CreateQuantisedShard(BatchArithmetic<T> arithmetic) =>
        new DopedShard(this, arithmetic, new QuantisedOperand<T>(Columns, product.OperandLength));

    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters) =>
    [
        .. product.Export(prefix, parameters[..product.ParameterCount]),
        .. SparseRows.Export(prefix, mask.Kept, parameters[product.ParameterCount..], Gates * Rows, Columns),
    ];

    public override void Dispose()
    {
        product.Dispose();
        dope.Dispose();
    }

    /// <param name="operand">Quantises what the Kronecker product reads; null where nothing is quantised.</param>
    private sealed class DopedShard(DopedKroneckerMatrix<T> matrix, BatchArithmetic<T> arithmetic, QuantisedOperand<T>? operand) : MatrixShard<T>
    {
        private readonly KroneckerMatrix<T>.KroneckerShard product = new(matrix.product, arithmetic);
        private readonly MatrixShard<T> dope = operand is null ? matrix.dope.CreateShard(arithmetic) : matrix.dope.CreateQuantisedShard(arithmetic);

        public override void Forward(T* x, T* y, T* trace)
        {
            product.Forward(operand is null ? x : operand.Of(x), y, trace);
            dope.Forward(x, y, trace: null);
        }

        public override void Backward(T* dy, T* dx, T* sensitivity)
        {
            dope.Backward(dy, dx, sensitivity: null);
            product.Backward(dy, dx, sensitivity, add: true);
        }

        public override void AddGradient(in GradientBlock<T> block)
        {
            if (operand is null)
            {
                product.AddGradient(block);
            }
            else
            {
                product.AddGradient(operand.Of(block));
            }

            dope.AddGradient(block);
        }

        public override void Collect(T* gradient)
        {
            product.Collect(gradient);
            dope.Collect(gradient + matrix.product.ParameterCount);
        }

        public override void Dispose()
        {
            product.Dispose();
            dope.Dispose();
            operand?.Dispose();
        }
    }
}

internal sealed class DopedKroneckerTraining : MatrixTraining<DopedKroneckerStructure>
{
    protected override TrainableMatrix<T> Create<T>(DopedKroneckerStructure structure) => new DopedKroneckerMatrix<T>(structure);

    protected override double[] Compress(DopedKroneckerStructure structure, ReadOnlySpan<double> dense) => KroneckerCompression.Compress(structure, dense);

    protected override double[] Learnt(DopedKroneckerStructure structure, Func<string, Tensor> tensor) =>
        [.. MatrixTrainings.Of(structure.Kronecker).Learnt(structure.Kronecker, tensor), .. MatrixTrainings.Of(structure.Dope).Learnt(structure.Dope, tensor)];

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(DopedKroneckerStructure structure, Func<string, Tensor> tensor, SecondMoments x) =>
    [
        .. MatrixTrainings.Of(structure.Kronecker).Multiplied(structure.Kronecker, tensor, x),
        .. MatrixTrainings.Of(structure.Dope).Multiplied(structure.Dope, tensor, x),
    ];
}
