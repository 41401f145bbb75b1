using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Interchange.Onnx.Export.Matrices;

/// <summary>
/// One product for the rich rows of all gates, one for every s_j = c_j' x_j (each c_j with zeros outside its block), and for each
/// gate s B, whose rows are its b_j.
/// </summary>
internal sealed class HmdMatrixGraph(HmdStructure structure) : MatrixGraph
{
    private const string Rich = "rich";
    private const string B = "b";
    private const string C = "c";

    private readonly int gates = structure.Gates;
    private readonly int columns = structure.Columns;
    private readonly int blocks = structure.Blocks;
    private readonly int rich = structure.Rich;
    private readonly int lower = structure.Rows - structure.Rich;

    public override string Multiply(GraphWriter graph, string x, string prefix, Func<string, Tensor> tensor)
    {
        var free = Turned(tensor, Rich, 0, gates * rich, columns);
        string[] upper = rich == 0 ? [] : graph.Split(Product(graph, x, prefix + Rich, gates * rich, columns, free.Floats, free.Bytes, free.Scales), gates);
        var sums = graph.Split(
            Product(
                graph,
                x,
                prefix + C,
                gates * blocks,
                columns,
                () => Spread(tensor(C).Floats),
                () => Spread(tensor(C).Bytes),
                () => [.. tensor(TensorSpec.ScaleName(C)).Floats.ToArray().SelectMany(scale => Enumerable.Repeat(scale, blocks))]),
            gates);
        var parts = new List<string>();
        for (var gate = 0; gate < gates; gate++)
        {
            // The sums are floats, so b is too.
            var b = Plain(tensor, B, gate * blocks, blocks, lower);
            parts.AddRange([.. upper.Skip(gate).Take(1), graph.Node("MatMul", [sums[gate], Floats(graph, $"{prefix}{B}.{gate}", blocks, lower, b.Floats, b.Bytes, b.Scales)])]);
        }

        return graph.Concat(parts);
    }

    public override Dictionary<string, Array> Weights<T>(Func<string, NumericArray> constant) => new()
    {
        [Rich] = rich == 0 ? Array.Empty<T>() : GraphWriter.Transposed<T>(Matrix<T>(constant(Rich), columns, gates * rich), columns, gates * rich),
        [B] = Enumerable.Range(0, gates).SelectMany(gate => Matrix<T>(constant($"{B}.{gate}"), blocks, lower)).ToArray(),
        [C] = Gathered(Matrix<T>(constant(C), columns, gates * blocks)),
    };

    public override Dictionary<string, Array> Scales(Func<string, NumericArray> constant) => new()
    {
        [TensorSpec.ScaleName(Rich)] = rich == 0 ? [] : Scale(constant, Rich),
        [TensorSpec.ScaleName(B)] = Enumerable.Range(0, gates).SelectMany(gate => Scale(constant, $"{B}.{gate}")).ToArray(),
        [TensorSpec.ScaleName(C)] = Scale(constant, C).Where((_, row) => row % blocks == 0).ToArray(),
    };

    // [columns, gates * blocks]: in each row, what its block has for each gate.
    private T[] Spread<T>(ReadOnlySpan<T> c)
    {
        var spread = new T[columns * gates * blocks];
        for (var gate = 0; gate < gates; gate++)
        {
            for (var column = 0; column < columns; column++)
            {
                spread[Place(gate, column)] = c[(gate * columns) + column];
            }
        }

        return spread;
    }

    private T[] Gathered<T>(T[] spread)
        where T : unmanaged, IEquatable<T>
    {
        var c = new T[gates * columns];
        for (var gate = 0; gate < gates; gate++)
        {
            for (var column = 0; column < columns; column++)
            {
                c[(gate * columns) + column] = spread[Place(gate, column)];
            }
        }

        for (var i = 0; i < spread.Length; i++)
        {
            var (column, gate) = (i / (gates * blocks), i / blocks % gates);
            if (!spread[i].Equals(default) && i != Place(gate, column))
            {
                throw new InvalidOperationException($"Column {column} is not zero outside its block.");
            }
        }

        return c;
    }

    private int Place(int gate, int column)
    {
        var block = 0;
        while (HmdStructure.BlockStart(columns, blocks, block + 1) <= column)
        {
            block++;
        }

        return (((column * gates) + gate) * blocks) + block;
    }
}
