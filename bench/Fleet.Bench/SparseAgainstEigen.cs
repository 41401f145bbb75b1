using System.Diagnostics;
using System.Runtime.InteropServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>
/// The pruned product against Eigen's: both in one run on one core, turn by turn, so that whatever slows the machine slows both.
/// </summary>
internal static unsafe class SparseAgainstEigen
{
    private static readonly (int Input, int Hidden)[] Shapes = [(9, 64), (10, 118), (77, 179), (200, 200), (650, 650)];

    public static IEnumerable<Comparison> Run(string peer) =>
        from shape in Shapes from sparsity in (double[])[0.5, 0.75, 0.9] select Compare(peer, shape.Input, shape.Hidden, sparsity);

    private static Comparison Compare(string peer, int input, int hidden, double sparsity)
    {
        const int gates = 4;
        var structure = new PrunedStructure(gates, hidden, hidden, (int)(gates * hidden * hidden * (1 - sparsity)));
        var (columns, offsets) = RandomModel.Places(structure);
        var values = Samples.Floats(structure.NonZeros, 1);
        var x = new Aligned<float>(hidden);
        Samples.Floats(hidden, 2).CopyTo(x.Span);
        var rows = WeightMatrix.Padded(gates * hidden);
        var matrix = new PrunedMatrix<V512, V128>(structure, values, columns, offsets);
        var scratch = new Aligned<float>(matrix.ScratchFloats(1));
        var (initial, y) = (new Aligned<float>(rows), new Aligned<float>(rows));
        void Product() => matrix.Multiply(x.Pointer, initial.Pointer, y.Pointer, scratch.Pointer, backwards: false);

        var file = Path.GetTempFileName();
        try
        {
            WriteProblem(file, structure, values, columns, offsets, x.Span);
            using var eigen = Process.Start(new ProcessStartInfo(peer, [file]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            Product();
            for (var row = 0; row < gates * hidden; row++)
            {
                var expected = float.Parse(eigen.StandardOutput.ReadLine()!);
                if (!(Math.Abs(y.Span[matrix.Order.Place(row / hidden, row % hidden)] - expected) <= 1e-4 * (1 + Math.Abs(expected))))
                {
                    throw new InvalidOperationException(
                        $"Row {row} is {y.Span[matrix.Order.Place(row / hidden, row % hidden)]} here and {expected} with Eigen.");
                }
            }

            var repetitions = Turns.Repetitions(Product);
            Ask(eigen, repetitions);
            var (ours, theirs) = (new double[Turns.Rounds], new double[Turns.Rounds]);
            for (var round = 0; round < Turns.Rounds; round++)
            {
                ours[round] = Timing.Nanoseconds(Product, repetitions) / repetitions / 1000;
                theirs[round] = Ask(eigen, repetitions) / repetitions / 1000;
            }

            eigen.StandardInput.Close();
            eigen.WaitForExit();
            return Comparison.Of($"pruned-{sparsity * 100}", $"{input}-{hidden}", "eigen-3.4-csr", ours, theirs);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double Ask(Process eigen, long repetitions)
    {
        eigen.StandardInput.WriteLine(repetitions);
        eigen.StandardInput.Flush();
        return double.Parse(eigen.StandardOutput.ReadLine()!);
    }

    private static void WriteProblem(string path, PrunedStructure structure, float[] values, ushort[] columns, uint[] offsets, ReadOnlySpan<float> x)
    {
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes<int>((int[])[structure.Gates * structure.Rows, structure.Columns, structure.NonZeros]));
        file.Write(MemoryMarshal.AsBytes<uint>(offsets));
        file.Write(MemoryMarshal.AsBytes<int>(Array.ConvertAll(columns, column => (int)column)));
        file.Write(MemoryMarshal.AsBytes<float>(values));
        file.Write(MemoryMarshal.AsBytes(x));
    }
}
