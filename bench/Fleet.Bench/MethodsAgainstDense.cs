using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Bench;

/// <summary>Each method against our own dense model, in window and in streaming mode.</summary>
internal static class MethodsAgainstDense
{
    // Block-sparse and pruned at 4x have 75 % of zeros.
    private static readonly (string Name, string Method, double Compression, (string, string)[] Arguments)[] Methods =
    [
        ("hmd-2x", "hmd", 2, []),
        ("hmd-4x", "hmd", 4, []),
        ("lmf-4x", "lmf", 4, []),
        ("lmf-shared-4x", "lmf", 4, [("shared", "true")]),
        ("pruned-4x", "pruned", 4, []),
        ("block-sparse-4x1-75", "block-sparse", 4, [("height", "4")]),
        ("block-sparse-8x1-75", "block-sparse", 4, [("height", "8")]),
        ("kronecker-16x", "kronecker", 16, []),
    ];

    public static IEnumerable<Comparison> Run()
    {
        foreach (var shape in BenchShape.All)
        {
            foreach (var (name, method, compression, arguments) in Methods)
            {
                var cell = new CellShape(shape.Cell, shape.Input, shape.Hidden);
                if (CellAllocator.Range(cell, WeightMethods.Find(method)!, arguments.ToDictionary()).Max < compression)
                {
                    continue;
                }

                var (ours, dense) = (shape.Model(method, compression, arguments), shape.Model("dense", 1));
                yield return Turns.Compare($"{name}-window", $"{shape}", "dense", Runs.Window(shape, ours), Runs.Window(shape, dense));
                if (ours.CanStream)
                {
                    yield return Turns.Compare($"{name}-streaming", $"{shape}", "dense", Runs.Step(shape, ours), Runs.Step(shape, dense));
                }
            }
        }
    }
}
