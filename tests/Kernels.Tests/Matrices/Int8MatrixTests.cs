using Fleet.Kernels.Matrices;
using Fleet.Kernels.Models;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests.Runtime;

namespace Fleet.Kernels.Tests.Matrices;

/// <summary>Whole matrices in int8 with every instruction set that a processor may have to take for want of a better one.</summary>
public sealed unsafe class Int8MatrixTests
{
    private const int Steps = 21;

    public static TheoryData<string> Methods => [.. CellTests.MethodNames];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_instruction_set_gives_a_matrix_the_same_result_to_the_last_bit(string method)
    {
        foreach (var cell in (string[])["lstm", "gru", "rnn"])
        {
            var structure = CellTests.Structure(cell, method);
            var document = Quantiser.Quantise(RandomModel.Create(structure, 3, 1));
            var (matrix, prefix) = (structure.Recurrent, ModelDocument.MatrixPrefix(0, reverse: false, CellTensors.Recurrent));
            var tensors = new Int8Tensors(name => document.Tensors[prefix + name]);
            var scalar = Products(matrix.PackInt8<ScalarVector, ScalarDot>(tensors));
            Same<V128, Dot128>();
            Same<V128, VnniDot128>();
            Same<V128, NeonDot128>();
            Same<V256, Dot128>();
            Same<V256, Dot256>();
            Same<V256, VnniDot256>();
            Same<V512, Dot128>();
            Same<V512, Dot256>();
            Same<V512, VnniDot256>();
            Same<V512, Dot512>();

            void Same<V, D>()
                where V : unmanaged, IVector<V>
                where D : unmanaged, IDotVector<D>
            {
                if (D.IsSupported)
                {
                    Assert.Equal(scalar, Products(matrix.PackInt8<V, D>(tensors)));
                }
            }
        }
    }

    /// <summary>y = W x for each step, gate by gate, worked out one by one and all at once.</summary>
    private static float[] Products(WeightMatrix matrix)
    {
        var (rows, stride) = (matrix.Rows, WeightMatrix.Padded(matrix.Rows));
        var x = new Aligned<float>(Steps * matrix.Columns);
        ModelRunnerTests.Sequence(x.Length, 3).CopyTo(x.Span);
        var scratch = new Aligned<float>(matrix.ScratchFloats(Steps));
        var (zeros, one, many) = (new Aligned<float>(stride), new Aligned<float>(stride), new Aligned<float>(Steps * stride));
        matrix.MultiplyMany(x.Pointer, Steps, zeros.Pointer, 0, many.Pointer, scratch.Pointer);
        var products = new float[Steps * rows];
        for (var step = 0; step < Steps; step++)
        {
            matrix.Multiply(x.Pointer + (step * matrix.Columns), zeros.Pointer, one.Pointer, scratch.Pointer, backwards: step % 2 == 1);
            Assert.Equal(one.Span[..rows].ToArray(), many.Span.Slice(step * stride, rows).ToArray());
            for (var gate = 0; gate < matrix.Order.Gates; gate++)
            {
                for (var unit = 0; unit < matrix.Order.Units; unit++)
                {
                    products[(step * rows) + (gate * matrix.Order.Units) + unit] = one.Span[matrix.Order.Place(gate, unit)];
                }
            }
        }

        GC.KeepAlive(x);
        GC.KeepAlive(scratch);
        GC.KeepAlive(zeros);
        return products;
    }
}
