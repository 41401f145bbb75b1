using System.Numerics;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.Hmd;

/// <summary>
/// Hybrid matrix decomposition: of each gate, the upper r rows are free and the lower ones are k rank-1 blocks side by side:
/// s_j = c_j' x_j, y_lower = sum_j b_j s_j. Parameters: rich[gates * r, columns], b[gates, k, rows - r], c[gates, columns].
/// </summary>
internal sealed unsafe class TrainableHmd<T> : TrainableMatrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly PackedMatrix<T>[] rich;
    private readonly PackedMatrix<T> richTransposed;
    private readonly PackedMatrix<T>[] b;
    private readonly PackedMatrix<T>[] bTransposed;
    private readonly PackedMatrix<T>[] c;
    private readonly PackedMatrix<T>[] cTransposed;

    public TrainableHmd(HmdStructure structure)
        : base(structure)
    {
        Rich = structure.Rich;
        Blocks = structure.Blocks;
        rich = Packs(Gates, _ => (Rich, Columns));
        richTransposed = new PackedMatrix<T>(Columns, Gates * Rich);
        b = Packs(Gates, _ => (Lower, Blocks));
        bTransposed = Packs(Gates, _ => (Blocks, Lower));
        c = Packs(Blocks, block => (Gates, Width(block)));
        cTransposed = Packs(Blocks, block => (Width(block), Gates));
    }

    public int Rich { get; }

    public int Blocks { get; }

    public int Lower => Rows - Rich;

    public override int ParameterCount => CStart + (Gates * Columns);

    /// <summary>s[gate, block].</summary>
    public override int TraceRows => Gates * Blocks;

    /// <summary>dy of the rich rows, gate by gate; then ds[block, gate].</summary>
    public override int SensitivityRows => Gates * (Rich + Blocks);

    private int BStart => Gates * Rich * Columns;

    private int CStart => BStart + (Gates * Blocks * Lower);

    /// <summary>
    /// Rich rows orthonormal; c with E c^2 = 1 / width, b with E b^2 = 1 / k, so that every row of the whole has length 1 on average.
    /// </summary>
    public override void Initialise(Span<double> parameters, Xoshiro256 random)
    {
        for (var gate = 0; gate < Gates; gate++)
        {
            Initialisation.Orthogonal(parameters.Slice(gate * Rich * Columns, Rich * Columns), Rich, Columns, random);
        }

        Initialisation.Uniform(parameters[BStart..CStart], 1.0 / Blocks, random);
        for (var gate = 0; gate < Gates; gate++)
        {
            for (var block = 0; block < Blocks; block++)
            {
                var part = parameters.Slice(CStart + (gate * Columns) + Start(block), Width(block));
                Initialisation.Uniform(part, 1.0 / Width(block), random);
            }
        }
    }

    public override void Load(T* parameters)
    {
        for (var gate = 0; gate < Gates; gate++)
        {
            rich[gate].Pack(parameters + ((long)gate * Rich * Columns), Columns, 1);
            var own = parameters + BStart + ((long)gate * Blocks * Lower);
            b[gate].Pack(own, 1, Lower);
            bTransposed[gate].Pack(own, Lower, 1);
        }

        richTransposed.Pack(parameters, 1, Columns);
        for (var block = 0; block < Blocks; block++)
        {
            var own = parameters + CStart + Start(block);
            c[block].Pack(own, Columns, 1);
            cTransposed[block].Pack(own, 1, Columns);
        }
    }

    public override MatrixMicroBatch<T> CreateMicroBatch(BatchArithmetic<T> arithmetic) => new HmdMicroBatch(this, arithmetic);

    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters) => Segments(prefix, parameters);

    public override void Dispose()
    {
        foreach (var packed in rich.Concat(b).Concat(bTransposed).Concat(c).Concat(cTransposed).Append(richTransposed))
        {
            packed.Dispose();
        }
    }

    private int Start(int block) => HmdStructure.BlockStart(Columns, Blocks, block);

    private int Width(int block) => Start(block + 1) - Start(block);

    private static PackedMatrix<T>[] Packs(int count, Func<int, (int Rows, int Depth)> shape) =>
        [.. Enumerable.Range(0, count).Select(index => new PackedMatrix<T>(shape(index).Rows, shape(index).Depth))];

    private sealed class HmdMicroBatch(TrainableHmd<T> matrix, BatchArithmetic<T> arithmetic) : MatrixMicroBatch<T>
    {
        private const int Vector = MicroBatch.Samples;

        private readonly AlignedBuffer<T> scratch = new(matrix.Gates * matrix.Blocks * Vector);
        private readonly AlignedBuffer<T> richSum = OuterSums.Create<T>(matrix.Gates * matrix.Rich, matrix.Columns);
        private readonly AlignedBuffer<T> bLanes = new((long)matrix.Gates * matrix.Blocks * matrix.Lower * MicroBatch.Lanes);
        private readonly AlignedBuffer<T> cLanes = new((long)matrix.Gates * matrix.Columns * MicroBatch.Lanes);

        public override void Forward(T* x, T* y, T* trace)
        {
            for (var block = 0; block < matrix.Blocks; block++)
            {
                arithmetic.Multiply(matrix.c[block], x + (matrix.Start(block) * Vector), scratch.Pointer + (block * matrix.Gates * Vector), add: false);
            }

            Transpose(scratch.Pointer, matrix.Blocks, matrix.Gates, trace);
            for (var gate = 0; gate < matrix.Gates; gate++)
            {
                var own = y + ((long)gate * matrix.Rows * Vector);
                arithmetic.Multiply(matrix.rich[gate], x, own, add: true);
                arithmetic.Multiply(matrix.b[gate], trace + (gate * matrix.Blocks * Vector), own + (matrix.Rich * Vector), add: true);
            }
        }

        public override void Backward(T* dy, T* dx, T* sensitivity)
        {
            var upper = matrix.Rich * Vector;
            for (var gate = 0; gate < matrix.Gates; gate++)
            {
                var own = dy + ((long)gate * matrix.Rows * Vector);
                new ReadOnlySpan<T>(own, upper).CopyTo(new Span<T>(sensitivity + (gate * upper), upper));
                arithmetic.Multiply(matrix.bTransposed[gate], own + upper, scratch.Pointer + (gate * matrix.Blocks * Vector), add: false);
            }

            var ds = sensitivity + (matrix.Gates * upper);
            Transpose(scratch.Pointer, matrix.Gates, matrix.Blocks, ds);
            if (dx == null)
            {
                return;
            }

            arithmetic.Multiply(matrix.richTransposed, sensitivity, dx, add: false);
            for (var block = 0; block < matrix.Blocks; block++)
            {
                arithmetic.Multiply(matrix.cTransposed[block], ds + (block * matrix.Gates * Vector), dx + (matrix.Start(block) * Vector), add: true);
            }
        }

        // dRich = dy_upper x', db_j = dy_lower s_j', dc_j = ds_j x_j'.
        public override void AddGradient(in GradientBlock<T> block)
        {
            arithmetic.AddOuter(
                block.Sensitivity, matrix.Gates * matrix.Rich, block.SensitivityStride, block.Steps, block.XBySample, richSum.Pointer);
            for (var step = 0; step < block.Steps; step++)
            {
                var x = block.X + (step * block.XStride);
                var dy = block.Dy + (step * block.DyStride);
                var s = block.Trace + (step * block.TraceStride);
                var ds = block.Sensitivity + (step * block.SensitivityStride) + (matrix.Gates * matrix.Rich * Vector);
                for (var gate = 0; gate < matrix.Gates; gate++)
                {
                    var lower = dy + ((((long)gate * matrix.Rows) + matrix.Rich) * Vector);
                    for (var part = 0; part < matrix.Blocks; part++)
                    {
                        var of = (gate * matrix.Blocks) + part;
                        arithmetic.AddLaneProducts(lower, matrix.Lower, s + (of * Vector), bLanes.Pointer + ((long)of * matrix.Lower * MicroBatch.Lanes));
                        arithmetic.AddLaneProducts(
                            x + (matrix.Start(part) * Vector),
                            matrix.Width(part),
                            ds + (((part * matrix.Gates) + gate) * Vector),
                            cLanes.Pointer + ((((long)gate * matrix.Columns) + matrix.Start(part)) * MicroBatch.Lanes));
                    }
                }
            }
        }

        public override void Collect(T* gradient)
        {
            OuterSums.Collect(richSum, matrix.Gates * matrix.Rich, matrix.Columns, gradient);
            LaneSums.Collect(bLanes, matrix.Gates * matrix.Blocks * matrix.Lower, gradient + matrix.BStart);
            LaneSums.Collect(cLanes, matrix.Gates * matrix.Columns, gradient + matrix.CStart);
        }

        public override void Dispose()
        {
            scratch.Dispose();
            richSum.Dispose();
            bLanes.Dispose();
            cLanes.Dispose();
        }

        // Vectors [outer, inner] to [inner, outer].
        private static void Transpose(T* from, int outer, int inner, T* to)
        {
            for (var row = 0; row < outer; row++)
            {
                for (var column = 0; column < inner; column++)
                {
                    new ReadOnlySpan<T>(from + (((row * inner) + column) * Vector), Vector)
                        .CopyTo(new Span<T>(to + (((column * outer) + row) * Vector), Vector));
                }
            }
        }
    }
}

internal sealed class HmdTraining : MatrixTraining<HmdStructure>
{
    protected override TrainableMatrix<T> Create<T>(HmdStructure structure) => new TrainableHmd<T>(structure);

    protected override double[] Compress(HmdStructure structure, ReadOnlySpan<double> dense) => HybridCompression.Compress(structure, dense);

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(HmdStructure structure, Func<string, Tensor> tensor, SecondMoments x) =>
    [
        ("rich", MultipliedRows.Whole(structure.Gates * structure.Rich, x)),
        ("b", MultipliedRows.Whole(structure.Gates * structure.Blocks, SecondMoments.Identity(structure.Rows - structure.Rich))),
        ("c", MultipliedRows.Whole(structure.Gates, SecondMoments.Of(structure.Columns, (row, column) =>
            Block(structure, row) == Block(structure, column) ? x[row, column] : 0))),
    ];

    private static int Block(HmdStructure structure, int column)
    {
        var block = 0;
        while (HmdStructure.BlockStart(structure.Columns, structure.Blocks, block + 1) <= column)
        {
            block++;
        }

        return block;
    }
}
