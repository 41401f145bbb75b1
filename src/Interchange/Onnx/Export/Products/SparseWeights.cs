using Fleet.Interchange.Onnx.Files;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Onnx.Export.Products;

/// <summary>
/// ONNX has no product with a sparse matrix, so those are written out in full. What is stored although it is zero is told from what is
/// not stored by a -0 in its place, which counts the same; in int8, which has none, by flags beside the weights that no node reads.
/// </summary>
internal static class SparseWeights
{
    public static string FlagsName(string name) => name + "_stored";

    public static float Stored(float weight) => weight == 0 ? -0f : weight;

    /// <summary>In int8, adds the flags of a constant [columns, rows].</summary>
    public static void Flag(GraphWriter graph, string name, int rows, int columns, Func<byte[]> flags)
    {
        if (graph.Precision == Precision.Int8)
        {
            graph.Flags(FlagsName(name), [columns, rows], flags);
        }
    }

    /// <summary>[columns, rows]: each value's element, the default elsewhere.</summary>
    public static T[] Full<T>(SparseFactor factor, Func<string, Tensor> tensor, Func<int, T> value)
    {
        var places = tensor(SparseFactor.Indices).Words16;
        var offsets = tensor(SparseFactor.Offsets).Words32;
        var (rows, height) = (factor.Rows, factor.Height);
        var full = new T[factor.Columns * rows];
        for (var stack = 0; stack < factor.Stacks; stack++)
        {
            for (var index = (int)offsets[stack]; index < (int)offsets[stack + 1]; index++)
            {
                for (var row = 0; row < height; row++)
                {
                    full[(places[index] * rows) + (stack * height) + row] = value((index * height) + row);
                }
            }
        }

        return full;
    }

    /// <summary>The entries of a constant [columns, rows].</summary>
    /// <param name="stored">As many bytes for each element, all of them zero where it is not stored; an entry is where one of its rows is.</param>
    public static (T[] Values, ushort[] Indices, uint[] Offsets) Entries<T>(SparseFactor factor, ReadOnlySpan<T> full, ReadOnlySpan<byte> stored)
    {
        var (rows, height) = (factor.Rows, factor.Height);
        var width = stored.Length / full.Length;
        var offsets = new uint[factor.Stacks + 1];
        for (var stack = 0; stack < factor.Stacks; stack++)
        {
            offsets[stack + 1] = offsets[stack];
            for (var column = 0; column < factor.Columns; column++)
            {
                offsets[stack + 1] += IsStored(stored, stack, column) ? 1u : 0;
            }
        }

        var values = new T[(int)offsets[^1] * height];
        var indices = new ushort[(int)offsets[^1]];
        var entry = 0;
        for (var stack = 0; stack < factor.Stacks; stack++)
        {
            for (var column = 0; column < factor.Columns; column++)
            {
                if (IsStored(stored, stack, column))
                {
                    full.Slice((column * rows) + (stack * height), height).CopyTo(values.AsSpan(entry * height));
                    indices[entry++] = (ushort)column;
                }
            }
        }

        return (values, indices, offsets);

        bool IsStored(ReadOnlySpan<byte> stored, int stack, int column) =>
            stored.Slice(((column * rows) + (stack * height)) * width, height * width).ContainsAnyExcept((byte)0);
    }
}
