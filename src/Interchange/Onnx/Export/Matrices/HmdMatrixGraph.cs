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
        string[] upper = rich == 0 ? [] : graph.Split(
            graph.Node("MatMul", [x, graph.Floats(prefix + Rich, [columns, gates * rich], () => GraphWriter.Transposed(tensor(Rich).Floats, gates * rich, columns))]), gates);
        var sums = graph.Split(graph.Node("MatMul", [x, graph.Floats(prefix + C, [columns, gates * blocks], () => Spread(tensor(C).Floats))]), gates);
        var parts = new List<string>();
        for (var gate = 0; gate < gates; gate++)
        {
            var start = gate * blocks * lower;
            var b = graph.Floats($"{prefix}{B}.{gate}", [blocks, lower], () => tensor(B).Floats.Slice(start, blocks * lower).ToArray());
            parts.AddRange([.. upper.Skip(gate).Take(1), graph.Node("MatMul", [sums[gate], b])]);
        }

        return graph.Concat(parts);
    }

    public override IReadOnlyDictionary<string, Array> Restore(Func<string, NumericArray> constant) => new Dictionary<string, Array>
    {
        [Rich] = rich == 0 ? Array.Empty<float>() : GraphWriter.Transposed(Matrix(constant(Rich), columns, gates * rich), columns, gates * rich),
        [B] = Enumerable.Range(0, gates).SelectMany(gate => Matrix(constant($"{B}.{gate}"), blocks, lower)).ToArray(),
        [C] = Gathered(Matrix(constant(C), columns, gates * blocks)),
    };

    // [columns, gates * blocks]: in each row, what its block has for each gate.
    private float[] Spread(ReadOnlySpan<float> c)
    {
        var spread = new float[columns * gates * blocks];
        for (var gate = 0; gate < gates; gate++)
        {
            for (var column = 0; column < columns; column++)
            {
                spread[Place(gate, column)] = c[(gate * columns) + column];
            }
        }

        return spread;
    }

    private float[] Gathered(float[] spread)
    {
        var c = new float[gates * columns];
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
            if (spread[i] != 0 && i != Place(gate, column))
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
