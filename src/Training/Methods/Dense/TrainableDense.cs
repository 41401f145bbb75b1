using System.Numerics;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.Dense;

/// <summary>Every weight is free: weight[gates * rows, columns].</summary>
internal unsafe class TrainableDense<T>(MatrixStructure structure) : TrainableMatrix<T>(structure)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly PackedMatrix<T> forward = new(structure.Gates * structure.Rows, structure.Columns);
    private readonly PackedMatrix<T> backward = new(structure.Columns, structure.Gates * structure.Rows);

    public override int ParameterCount => Gates * Rows * Columns;

    /// <summary>What is pruned is zero here, and so does not matter to the greatest weight of a row.</summary>
    public override IEnumerable<(int Rows, int Length)> ScaledRows => [(Gates * Rows, Columns)];

    public override void Initialise(Span<double> parameters, Xoshiro256 random)
    {
        for (var gate = 0; gate < Gates; gate++)
        {
            Initialisation.Orthogonal(parameters.Slice(gate * Rows * Columns, Rows * Columns), Rows, Columns, random);
        }
    }

    public override void Load(T* parameters)
    {
        forward.Pack(parameters, Columns, 1);
        backward.Pack(parameters, 1, Columns);
    }

    public override MatrixMicroBatch<T> CreateMicroBatch(BatchArithmetic<T> arithmetic) => new DenseMicroBatch(this, arithmetic);

    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters) => Segments(prefix, parameters);

    public override void Dispose()
    {
        forward.Dispose();
        backward.Dispose();
    }

    private sealed class DenseMicroBatch(TrainableDense<T> matrix, BatchArithmetic<T> arithmetic) : MatrixMicroBatch<T>
    {
        private readonly AlignedBuffer<T> sum = OuterSums.Create<T>(matrix.Gates * matrix.Rows, matrix.Columns);

        public override void Forward(T* x, T* y, T* trace) => arithmetic.Multiply(matrix.forward, x, y, add: true);

        public override void Backward(T* dy, T* dx, T* sensitivity)
        {
            if (dx != null)
            {
                arithmetic.Multiply(matrix.backward, dy, dx, add: false);
            }
        }

        public override void AddGradient(in GradientBlock<T> block) =>
            arithmetic.AddOuter(block.Dy, matrix.Gates * matrix.Rows, block.DyStride, block.Steps, block.XBySample, sum.Pointer);

        public override void Collect(T* gradient) => OuterSums.Collect(sum, matrix.Gates * matrix.Rows, matrix.Columns, gradient);

        public override void Dispose() => sum.Dispose();
    }
}

internal sealed class DenseTraining : MatrixTraining<DenseStructure>
{
    protected override TrainableMatrix<T> Create<T>(DenseStructure structure) => new TrainableDense<T>(structure);

    protected override double[] Compress(DenseStructure structure, ReadOnlySpan<double> dense) => dense.ToArray();

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(DenseStructure structure, Func<string, Tensor> tensor, SecondMoments x) =>
        [("weight", MultipliedRows.Whole(structure.Gates * structure.Rows, x))];
}
