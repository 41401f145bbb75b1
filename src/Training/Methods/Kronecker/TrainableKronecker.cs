using System.Numerics;
using Fleet.Kernels.Methods.Kronecker;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Methods.Kronecker;

/// <summary>
/// Of each gate W = B kron C, B of m1 x n1 and C of m2 x n2 weights, without the rows and columns beyond the matrix:
/// t[i2, j1] = sum_j2 C[i2, j2] x[j1, j2]; y[i1, i2] = sum_j1 B[i1, j1] t[i2, j1]. Both are products of small matrices with a
/// whole micro-batch. Parameters: b[gates, m1, n1], then c[gates, m2, n2].
/// </summary>
internal sealed unsafe class TrainableKronecker<T> : TrainableMatrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly KroneckerStructure structure;
    private readonly PackedMatrix<T>[] b;
    private readonly PackedMatrix<T>[] bTransposed;
    private readonly PackedMatrix<T>[] c;
    private readonly PackedMatrix<T>[] cTransposed;

    public TrainableKronecker(KroneckerStructure structure)
        : base(structure)
    {
        this.structure = structure;
        b = Packs(M1, N1);
        bTransposed = Packs(N1, M1);
        c = Packs(M2, N2);
        cTransposed = Packs(N2, M2);
    }

    public override int ParameterCount => BCount + (Gates * M2 * N2);

    /// <summary>t[gate, m2, n1].</summary>
    public override int TraceRows => Gates * TRows;

    /// <summary>dt[gate, n1, m2], then dy[gate, m2, m1]: each so that what a weight gradient sums over comes first.</summary>
    public override int SensitivityRows => Gates * (TRows + (M1 * M2));

    /// <summary>Each segment that C reads.</summary>
    public override int OperandLength => N2;

    private int M1 => structure.OuterRows;

    private int N1 => structure.OuterColumns;

    private int M2 => structure.InnerRows;

    private int N2 => structure.InnerColumns;

    private int TRows => M2 * N1;

    private int BCount => Gates * M1 * N1;

    /// <summary>
    /// Orthogonal factors, for the Kronecker product of two is orthogonal, too; scaled so that the rows of W have length 1 on average.
    /// </summary>
    public override void Initialise(Span<double> parameters, Xoshiro256 random)
    {
        // A tall factor's rows are shorter than 1 by sqrt(columns / rows), and the columns beyond the matrix are lost.
        var factor = Math.Sqrt(Math.Max(1, (double)M1 / N1) * Math.Max(1, (double)M2 / N2) * N1 * N2 / Columns);
        for (var gate = 0; gate < Gates; gate++)
        {
            var outer = parameters.Slice(gate * M1 * N1, M1 * N1);
            Initialisation.Orthogonal(outer, M1, N1, random);
            Initialisation.Scale(outer, factor);
            Initialisation.Orthogonal(parameters.Slice(BCount + (gate * M2 * N2), M2 * N2), M2, N2, random);
        }
    }

    public override void Load(T* parameters)
    {
        for (var gate = 0; gate < Gates; gate++)
        {
            var outer = parameters + ((long)gate * M1 * N1);
            b[gate].Pack(outer, N1, 1);
            bTransposed[gate].Pack(outer, 1, N1);
            var inner = parameters + BCount + ((long)gate * M2 * N2);
            c[gate].Pack(inner, N2, 1);
            cTransposed[gate].Pack(inner, 1, N2);
        }
    }

    public override MatrixMicroBatch<T> CreateMicroBatch(BatchArithmetic<T> arithmetic) => new KroneckerMicroBatch(this, arithmetic);

    public override IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters) => Segments(prefix, parameters);

    public override void Dispose()
    {
        foreach (var packed in b.Concat(bTransposed).Concat(c).Concat(cTransposed))
        {
            packed.Dispose();
        }
    }

    private PackedMatrix<T>[] Packs(int rows, int depth) => [.. Enumerable.Range(0, Gates).Select(_ => new PackedMatrix<T>(rows, depth))];

    internal sealed class KroneckerMicroBatch(TrainableKronecker<T> matrix, BatchArithmetic<T> arithmetic) : MatrixMicroBatch<T>
    {
        private const int Vector = MicroBatch.Samples;

        private readonly FactorSum<T> bSum = new(arithmetic, matrix.Gates, matrix.M1, matrix.N1, uses: matrix.M2);
        private readonly FactorSum<T> cSum = new(arithmetic, matrix.Gates, matrix.M2, matrix.N2, uses: matrix.N1);

        // Vectors with the rows or columns beyond the matrix; the inputs' stay zero.
        private readonly AlignedBuffer<T> wideX = new((long)matrix.N1 * matrix.N2 * Vector);
        private readonly AlignedBuffer<T> wideDx = new((long)matrix.N1 * matrix.N2 * Vector);
        private readonly AlignedBuffer<T> wideY = new((long)matrix.M1 * matrix.M2 * Vector);

        private bool ColumnsFit => matrix.N1 * matrix.N2 == matrix.Columns;

        private bool RowsFit => matrix.M1 * matrix.M2 == matrix.Rows;

        private int DyStart => matrix.Gates * matrix.TRows;

        public override void Forward(T* x, T* y, T* trace)
        {
            x = Wide(x);
            for (var gate = 0; gate < matrix.Gates; gate++)
            {
                var t = trace + ((long)gate * matrix.TRows * Vector);
                for (var outer = 0; outer < matrix.N1; outer++)
                {
                    arithmetic.Multiply(matrix.c[gate], x + (outer * matrix.N2 * Vector), t + (outer * Vector), matrix.N1 * Vector, add: false);
                }

                var own = y + ((long)gate * matrix.Rows * Vector);
                var target = RowsFit ? own : wideY.Pointer;
                for (var inner = 0; inner < matrix.M2; inner++)
                {
                    arithmetic.Multiply(
                        matrix.b[gate], t + (inner * matrix.N1 * Vector), target + (inner * Vector), matrix.M2 * Vector, add: RowsFit);
                }

                if (!RowsFit)
                {
                    Add(wideY.Pointer, matrix.Rows, own);
                }
            }
        }

        public override void Backward(T* dy, T* dx, T* sensitivity) => Backward(dy, dx, sensitivity, add: false);

        /// <summary>dx = W' dy, or dx += W' dy.</summary>
        public void Backward(T* dy, T* dx, T* sensitivity, bool add)
        {
            for (var gate = 0; gate < matrix.Gates; gate++)
            {
                var sums = sensitivity + ((DyStart + ((long)gate * matrix.M1 * matrix.M2)) * Vector);
                TakeByInnerRow(dy + ((long)gate * matrix.Rows * Vector), sums);
                var dt = sensitivity + ((long)gate * matrix.TRows * Vector);
                for (var inner = 0; inner < matrix.M2; inner++)
                {
                    arithmetic.Multiply(
                        matrix.bTransposed[gate], sums + (inner * matrix.M1 * Vector), dt + (inner * Vector), matrix.M2 * Vector, add: false);
                }
            }

            if (dx == null)
            {
                return;
            }

            var target = ColumnsFit ? dx : wideDx.Pointer;
            for (var gate = 0; gate < matrix.Gates; gate++)
            {
                var dt = sensitivity + ((long)gate * matrix.TRows * Vector);
                for (var outer = 0; outer < matrix.N1; outer++)
                {
                    arithmetic.Multiply(
                        matrix.cTransposed[gate],
                        dt + (outer * matrix.M2 * Vector),
                        target + (outer * matrix.N2 * Vector),
                        add: gate > 0 || (add && ColumnsFit));
                }
            }

            if (!ColumnsFit && add)
            {
                Add(wideDx.Pointer, matrix.Columns, dx);
            }
            else if (!ColumnsFit)
            {
                Copy(wideDx.Pointer, matrix.Columns, dx);
            }
        }

        // dB = sum over i2 of dy[i2] t[i2]', dC = sum over j1 of dt[j1] x[j1]'.
        public override void AddGradient(in GradientBlock<T> block)
        {
            for (var step = 0; step < block.Steps; step++)
            {
                cSum.SetRight(Wide(block.X + (step * block.XStride)));
                var trace = block.Trace + (step * block.TraceStride);
                var sensitivity = block.Sensitivity + (step * block.SensitivityStride);
                for (var gate = 0; gate < matrix.Gates; gate++)
                {
                    cSum.Add(gate, sensitivity + ((long)gate * matrix.TRows * Vector));
                    bSum.SetRight(trace + ((long)gate * matrix.TRows * Vector));
                    bSum.Add(gate, sensitivity + ((DyStart + ((long)gate * matrix.M1 * matrix.M2)) * Vector));
                }
            }
        }

        public override void Collect(T* gradient)
        {
            bSum.Collect(gradient);
            cSum.Collect(gradient + matrix.BCount);
        }

        public override void Dispose()
        {
            bSum.Dispose();
            cSum.Dispose();
            wideX.Dispose();
            wideDx.Dispose();
            wideY.Dispose();
        }

        private static void Copy(T* from, int rows, T* to) => new ReadOnlySpan<T>(from, rows * Vector).CopyTo(new Span<T>(to, rows * Vector));

        private static void Add(T* from, int rows, T* to)
        {
            for (var at = 0; at < rows * Vector; at++)
            {
                to[at] += from[at];
            }
        }

        // x with the columns beyond the matrix, which are zero.
        private T* Wide(T* x)
        {
            if (ColumnsFit)
            {
                return x;
            }

            Copy(x, matrix.Columns, wideX.Pointer);
            return wideX.Pointer;
        }

        // dy[i1, i2] of a gate as [i2, i1]; rows beyond the matrix are zero.
        private void TakeByInnerRow(T* dy, T* target)
        {
            for (var inner = 0; inner < matrix.M2; inner++)
            {
                for (var outer = 0; outer < matrix.M1; outer++, target += Vector)
                {
                    var row = (outer * matrix.M2) + inner;
                    if (row < matrix.Rows)
                    {
                        Copy(dy + ((long)row * Vector), 1, target);
                    }
                    else
                    {
                        new Span<T>(target, Vector).Clear();
                    }
                }
            }
        }
    }
}

internal sealed class KroneckerTraining : MatrixTraining<KroneckerStructure>
{
    protected override TrainableMatrix<T> Create<T>(KroneckerStructure structure) => new TrainableKronecker<T>(structure);

    protected override double[] Compress(KroneckerStructure structure, ReadOnlySpan<double> dense) => KroneckerCompression.Compress(structure, dense);

    protected override IEnumerable<(string Tensor, MultipliedRows Rows)> Multiplied(KroneckerStructure structure, Func<string, Tensor> tensor, SecondMoments x)
    {
        var c = tensor("c").Floats.ToArray();
        return
        [
            ("c", MultipliedRows.Whole(structure.Gates * structure.InnerRows, KroneckerMoments.Segments(structure, x))),
            ("b", MultipliedRows.Whole(structure.Gates * structure.OuterRows, [.. Enumerable.Range(0, structure.Gates).Select(gate =>
                KroneckerMoments.Combined(structure, gate, c, x))])),
        ];
    }
}
