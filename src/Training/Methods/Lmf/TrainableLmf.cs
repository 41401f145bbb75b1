using System.Numerics;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.Lmf;

/// <summary>
/// W = U V: z = V x, y = U z. Each gate has its own V, or all gates stacked share one; what has a V of its own is called a part.
/// Parameters: u[gates * rows, d], then v[parts * d, columns].
/// </summary>
internal sealed unsafe class TrainableLmf<T> : TrainableMatrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int rank;
    private readonly int parts;
    private readonly int partRows;
    private readonly PackedMatrix<T>[] u;
    private readonly PackedMatrix<T>[] uTransposed;
    private readonly PackedMatrix<T> v;
    private readonly PackedMatrix<T> vTransposed;

    public TrainableLmf(LmfStructure structure)
        : base(structure)
    {
        rank = structure.Rank;
        parts = structure.Shared ? 1 : Gates;
        partRows = Gates * Rows / parts;
        u = [.. Enumerable.Range(0, parts).Select(_ => new PackedMatrix<T>(partRows, rank))];
        uTransposed = [.. Enumerable.Range(0, parts).Select(_ => new PackedMatrix<T>(rank, partRows))];
        v = new PackedMatrix<T>(parts * rank, Columns);
        vTransposed = new PackedMatrix<T>(Columns, parts * rank);
    }

    public override int ParameterCount => UCount + (parts * rank * Columns);

    /// <summary>z.</summary>
    public override int TraceRows => parts * rank;

    /// <summary>dz = U' dy.</summary>
    public override int SensitivityRows => parts * rank;

    private int UCount => Gates * Rows * rank;

    /// <summary>
    /// U with orthonormal columns, V with orthonormal rows, scaled so that the rows of U V have length 1 on average as those of
    /// an orthogonal matrix do.
    /// </summary>
    public override void Initialise(Span<double> parameters, Xoshiro256 random)
    {
        for (var gate = 0; gate < Gates; gate++)
        {
            var block = parameters.Slice(gate * Rows * rank, Rows * rank);
            Initialisation.Orthogonal(block, Rows, rank, random);
            Initialisation.Scale(block, Math.Sqrt((double)Rows / rank));
        }

        for (var part = 0; part < parts; part++)
        {
            Initialisation.Orthogonal(parameters.Slice(UCount + (part * rank * Columns), rank * Columns), rank, Columns, random);
        }
    }

    public override void Load(T* parameters)
    {
        for (var part = 0; part < parts; part++)
        {
            var block = parameters + ((long)part * partRows * rank);
            u[part].Pack(block, rank, 1);
            uTransposed[part].Pack(block, 1, rank);
        }

        v.Pack(parameters + UCount, Columns, 1);
        vTransposed.Pack(parameters + UCount, 1, Columns);
    }

    public override MatrixMicroBatch<T> CreateMicroBatch(BatchArithmetic<T> arithmetic) => new LmfMicroBatch(this, arithmetic, quantised: false);

    /// <summary>z is quantised, too.</summary>
    public override MatrixMicroBatch<T> CreateQuantisedMicroBatch(BatchArithmetic<T> arithmetic) =>
        new QuantisedMicroBatch<T>(new LmfMicroBatch(this, arithmetic, quantised: true), Columns, OperandLength);

    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters) => Segments(prefix, parameters);

    public override void Dispose()
    {
        foreach (var packed in u.Concat(uTransposed).Append(v).Append(vTransposed))
        {
            packed.Dispose();
        }
    }

    private sealed class LmfMicroBatch : MatrixMicroBatch<T>
    {
        private readonly TrainableLmf<T> matrix;
        private readonly BatchArithmetic<T> arithmetic;
        private readonly bool quantised;
        private readonly BatchMajor<T> zBySample;
        private readonly AlignedBuffer<T>[] uSums;
        private readonly AlignedBuffer<T> vSum;

        public LmfMicroBatch(TrainableLmf<T> matrix, BatchArithmetic<T> arithmetic, bool quantised)
        {
            this.matrix = matrix;
            this.arithmetic = arithmetic;
            this.quantised = quantised;
            zBySample = new BatchMajor<T>(matrix.rank, MicroBatch.GradientSteps);
            uSums = [.. Enumerable.Range(0, matrix.parts).Select(_ => OuterSums.Create<T>(matrix.partRows, matrix.rank))];
            vSum = OuterSums.Create<T>(matrix.parts * matrix.rank, matrix.Columns);
        }

        private int PartStride => matrix.rank * MicroBatch.Samples;

        public override void Forward(T* x, T* y, T* trace)
        {
            arithmetic.Multiply(matrix.v, x, trace, add: false);
            if (quantised)
            {
                FakeQuantiser<T>.Operands(trace, matrix.parts * matrix.rank, matrix.rank);
            }

            for (var part = 0; part < matrix.parts; part++)
            {
                arithmetic.Multiply(matrix.u[part], trace + (part * PartStride), Part(y, part), add: true);
            }
        }

        public override void Backward(T* dy, T* dx, T* sensitivity)
        {
            for (var part = 0; part < matrix.parts; part++)
            {
                arithmetic.Multiply(matrix.uTransposed[part], Part(dy, part), sensitivity + (part * PartStride), add: false);
            }

            if (dx != null)
            {
                arithmetic.Multiply(matrix.vTransposed, sensitivity, dx, add: false);
            }
        }

        // dU = dy z', dV = dz x'.
        public override void AddGradient(in GradientBlock<T> block)
        {
            for (var part = 0; part < matrix.parts; part++)
            {
                for (var step = 0; step < block.Steps; step++)
                {
                    zBySample.Set(step, block.Trace + (step * block.TraceStride) + (part * PartStride));
                }

                arithmetic.AddOuter(Part(block.Dy, part), matrix.partRows, block.DyStride, block.Steps, zBySample, uSums[part].Pointer);
            }

            arithmetic.AddOuter(
                block.Sensitivity, matrix.parts * matrix.rank, block.SensitivityStride, block.Steps, block.XBySample, vSum.Pointer);
        }

        public override void Collect(T* gradient)
        {
            for (var part = 0; part < matrix.parts; part++)
            {
                OuterSums.Collect(uSums[part], matrix.partRows, matrix.rank, gradient + ((long)part * matrix.partRows * matrix.rank));
            }

            OuterSums.Collect(vSum, matrix.parts * matrix.rank, matrix.Columns, gradient + matrix.UCount);
        }

        public override void Dispose()
        {
            zBySample.Dispose();
            vSum.Dispose();
            Array.ForEach(uSums, sum => sum.Dispose());
        }

        private T* Part(T* vector, int part) => vector + ((long)part * matrix.partRows * MicroBatch.Samples);
    }
}

internal sealed class LmfTraining : MatrixTraining<LmfStructure>
{
    protected override TrainableMatrix<T> Create<T>(LmfStructure structure) => new TrainableLmf<T>(structure);

    protected override double[] Compress(LmfStructure structure, ReadOnlySpan<double> dense) => LowRankCompression.Compress(structure, dense);

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(LmfStructure structure, Func<string, Tensor> tensor, SecondMoments x)
    {
        var parts = structure.Shared ? 1 : structure.Gates;
        var v = tensor("v").Floats.ToArray();
        return
        [
            ("v", MultipliedRows.Whole(parts * structure.Rank, x)),
            ("u", MultipliedRows.Whole(structure.Gates * structure.Rows, [.. Enumerable.Range(0, parts).Select(part =>
                x.Through(v, part * structure.Rank, structure.Rank))])),
        ];
    }
}
