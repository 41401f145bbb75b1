using System.Numerics;
using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Methods.Dense;
using Fleet.Training.Methods.Kronecker;
using Fleet.Training.Methods.Pruned;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.DopedKronecker;

/// <summary>
/// W = B kron C + S. S is learnt in dense form and pruned on the way until few weights are left. Parameters: those of the
/// Kronecker product, then s[gates * rows, columns].
/// </summary>
/// <remarks>Source: arXiv 2001.08896 (abstract).</remarks>
internal sealed unsafe class TrainableDopedKronecker<T> : TrainableMatrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TrainableKronecker<T> product;
    private readonly TrainableDense<T> dope;
    private readonly PruningMask<T> mask;

    public TrainableDopedKronecker(DopedKroneckerStructure structure)
        : base(structure)
    {
        product = new TrainableKronecker<T>(structure.Kronecker);
        dope = new TrainableDense<T>(structure.Dope);
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

    public override MatrixMicroBatch<T> CreateMicroBatch(BatchArithmetic<T> arithmetic) => new DopedMicroBatch(this, arithmetic, operand: null);

    /// <summary>The Kronecker product reads x in segments, S as a whole.</summary>
    public override MatrixMicroBatch<T> CreateQuantisedMicroBatch(BatchArithmetic<T> arithmetic) =>
        new DopedMicroBatch(this, arithmetic, new QuantisedOperand<T>(Columns, product.OperandLength));

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
    private sealed class DopedMicroBatch(TrainableDopedKronecker<T> matrix, BatchArithmetic<T> arithmetic, QuantisedOperand<T>? operand) : MatrixMicroBatch<T>
    {
        private readonly TrainableKronecker<T>.KroneckerMicroBatch product = new(matrix.product, arithmetic);
        private readonly MatrixMicroBatch<T> dope = operand is null
            ? matrix.dope.CreateMicroBatch(arithmetic)
            : matrix.dope.CreateQuantisedMicroBatch(arithmetic);

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
    private static readonly KroneckerTraining Product = new();
    private static readonly PrunedTraining Dope = new();

    protected override TrainableMatrix<T> Create<T>(DopedKroneckerStructure structure) => new TrainableDopedKronecker<T>(structure);

    /// <summary>What the product leaves over is the sparse matrix's to begin with.</summary>
    protected override double[] Compress(DopedKroneckerStructure structure, ReadOnlySpan<double> dense)
    {
        var product = KroneckerCompression.Compress(structure.Kronecker, dense);
        var rest = dense.ToArray();
        KroneckerCompression.Subtract(structure.Kronecker, product, rest);
        return [.. product, .. rest];
    }

    protected override double[] Learnt(DopedKroneckerStructure structure, Func<string, Tensor> tensor) =>
        [.. Product.Learnt(structure.Kronecker, tensor), .. Dope.Learnt(structure.Dope, tensor)];

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(
        DopedKroneckerStructure structure, Func<string, Tensor> tensor, SecondMoments x) =>
    [
        .. Product.Multiplied(structure.Kronecker, tensor, x),
        .. Dope.Multiplied(structure.Dope, tensor, x),
    ];
}
