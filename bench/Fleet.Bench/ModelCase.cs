using System.Globalization;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;

namespace Fleet.Bench;

/// <summary>One of the models that BenchmarkDotNet is given, in the words of its parameters.</summary>
/// <param name="Shape">input-hidden</param>
/// <param name="Variant">Method, factor, and where it takes one, an argument: block-sparse 4 height=8.</param>
public sealed record ModelCase(string Cell, string Shape, string Variant, Precision Precision, LayerDirection Direction)
{
    private const int Classes = 6;

    public static IEnumerable<string> Cells => CellNames.All;

    public static IEnumerable<string> Shapes => ["9-64", "10-118", "77-179", "200-200", "650-650"];

    /// <summary>Every method that structures weights.</summary>
    public static IEnumerable<string> Variants =>
    [
        "dense 1",
        "hmd 2",
        "hmd 4",
        "lmf 4",
        "lmf 4 shared=true",
        "pruned 4",
        "block-sparse 4 height=4",
        "block-sparse 4 height=8",
        "kronecker 8",
        "doped-kronecker 4",
    ];

    public static IEnumerable<SimdLevel> Levels => Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported);

    public ModelDocument Model()
    {
        var extents = Shape.Split('-');
        var words = Variant.Split(' ');
        var shape = CellNames.Shape(Cell, Integer(extents[0]), Integer(extents[1]));
        var cell = CellAllocator.Allocate(
            shape,
            WeightMethods.Find(words[0])!,
            Integer(words[1]),
            words.Skip(2).Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]));
        var layer = new LayerStructure(Direction, Direction == LayerDirection.Bidirectional ? [cell, cell] : [cell]);
        var document = RandomModel.Create(new ModelStructure(null, Normalised: true, [layer], new HeadStructure(HeadKind.Sequence, Classes)), seed: 1);
        return Precision == Precision.Int8 ? Quantiser.Quantise(document) : document;
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
