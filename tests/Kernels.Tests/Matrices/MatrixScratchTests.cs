using Fleet.Kernels.Matrices;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests.Runtime;

namespace Fleet.Kernels.Tests.Matrices;

/// <summary>What a matrix says it works with is all that it writes to.</summary>
public sealed unsafe class MatrixScratchTests
{
    private const int Guards = 1024;
    private const float Guard = -12345.5f;

    public static TheoryData<string, Precision, SimdLevel> Cases
    {
        get
        {
            var cases = new TheoryData<string, Precision, SimdLevel>();
            foreach (var method in CellTests.MethodNames)
            {
                foreach (var precision in Enum.GetValues<Precision>())
                {
                    foreach (var level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
                    {
                        cases.Add(method, precision, level);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_window_of_one_step_agrees_with_a_step(string method, Precision precision, SimdLevel level)
    {
        foreach (var cell in (string[])["lstm", "gru", "gru reset before", "rnn"])
        {
            var structure = new ModelStructure(
                null, Normalised: false, [new LayerStructure(CellTests.Structure(cell, method))], new HeadStructure(HeadKind.None));
            var document = Document(structure, precision);
            var x = ModelRunnerTests.Sequence(structure.Layers[0].Shape.Input, 5);
            var runner = SequenceModel.Create(document, level).CreateRunner(1);
            var (window, step) = (new float[structure.Outputs], new float[structure.Outputs]);
            runner.Window(x, 1, window);
            runner.Reset();
            runner.Step(x, step);
            ModelRunnerTests.AssertClose(Array.ConvertAll(step, value => (double)value), window);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_product_writes_behind_its_scratch_or_its_results(string method, Precision precision, SimdLevel level)
    {
        foreach (var cell in (string[])["lstm", "gru", "rnn"])
        {
            var structure = CellTests.Structure(cell, method);
            var document = Document(new ModelStructure(null, Normalised: false, [new LayerStructure(structure)], new HeadStructure(HeadKind.None)), precision);
            foreach (var (name, matrix) in structure.Matrices)
            {
                var prefix = ModelDocument.MatrixPrefix(0, reverse: false, name);
                var packed = PackedAtLevel.Pack(matrix, precision, level, tensor => document.Tensors[prefix + tensor]);
                foreach (var steps in (int[])[1, 2, 3, 17, 21])
                {
                    Check(packed, steps);
                }
            }
        }
    }

    private static void Check(WeightMatrix matrix, int steps)
    {
        var (scratchFloats, stride) = (matrix.ScratchFloats(steps), WeightMatrix.Padded(matrix.Rows));
        var x = new Aligned<float>(steps * matrix.Columns);
        ModelRunnerTests.Sequence(x.Length, 3).CopyTo(x.Span);
        var (zeros, y) = (new Aligned<float>(stride), new Aligned<float>((steps * stride) + Guards));
        var scratch = new Aligned<float>(scratchFloats + Guards);
        scratch.Span[scratchFloats..].Fill(Guard);
        y.Span[(steps * stride)..].Fill(Guard);
        matrix.MultiplyMany(x.Pointer, steps, zeros.Pointer, 0, y.Pointer, scratch.Pointer);
        if (steps == 1)
        {
            matrix.Multiply(x.Pointer, zeros.Pointer, y.Pointer, scratch.Pointer, backwards: false);
        }

        Assert.False(scratch.Span[scratchFloats..].ContainsAnyExcept(Guard));
        Assert.False(y.Span[(steps * stride)..].ContainsAnyExcept(Guard));
        GC.KeepAlive(x);
        GC.KeepAlive(zeros);
    }

    private static ModelDocument Document(ModelStructure structure, Precision precision)
    {
        var document = RandomModel.Create(structure, 3);
        return precision == Precision.Fp32 ? document : Quantiser.Quantise(document);
    }
}
