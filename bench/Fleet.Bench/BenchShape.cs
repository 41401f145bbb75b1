using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Bench;

/// <summary>A shape that kernels are compared at.</summary>
internal sealed record BenchShape(int Input, int Hidden, int Steps, string Cell = CellShape.Lstm, bool Bidirectional = false)
{
    public static IReadOnlyList<BenchShape> All { get; } =
    [
        new(9, 64, 128),
        new(40, 128, 98),
        new(10, 118, 49),
        new(10, 154, 25, CellShape.Gru),
        new(77, 179, 81, Bidirectional: true),
        new(200, 200, 35),
        new(650, 650, 35),
    ];

    public override string ToString() => $"{Input}-{Hidden}-{Steps}{(Cell == CellShape.Lstm ? "" : $"-{Cell}")}{(Bidirectional ? "-bidirectional" : "")}";

    /// <summary>One layer whose outputs are the model's.</summary>
    public ModelStructure Model(string method, double compression, params (string Name, string Value)[] arguments)
    {
        var cell = CellAllocator.Allocate(
            new CellShape(Cell, Input, Hidden), WeightMethods.Find(method)!, compression, arguments.ToDictionary(pair => pair.Name, pair => pair.Value));
        var layer = Bidirectional ? new LayerStructure(LayerDirection.Bidirectional, [cell, cell]) : new LayerStructure(cell);
        return new ModelStructure(null, Normalised: false, [layer], new HeadStructure(HeadKind.None));
    }
}
