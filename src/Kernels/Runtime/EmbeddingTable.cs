using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Runtime;

/// <summary>The rows of an embedding as they are stored; bytes become floats when a token is looked up.</summary>
internal sealed class EmbeddingTable
{
    private readonly int width;
    private readonly float[] floats;
    private readonly sbyte[] bytes;
    private readonly float[] scales;

    private EmbeddingTable(int width, float[] floats, sbyte[] bytes, float[] scales)
    {
        this.width = width;
        this.floats = floats;
        this.bytes = bytes;
        this.scales = scales;
    }

    public long ResidentBytes => bytes.Length + (sizeof(float) * ((long)floats.Length + scales.Length));

    /// <summary>That of a model; null where it reads features.</summary>
    public static EmbeddingTable? Of(ModelDocument document)
    {
        if (document.Structure.Embedding is not { } embedding)
        {
            return null;
        }

        var weights = document.Tensors[ModelDocument.Embedding];
        return document.Structure.Precision == Precision.Int8
            ? new(embedding.Width, [], weights.Bytes.ToArray(), document.Tensors[TensorSpec.ScaleName(ModelDocument.Embedding)].Floats.ToArray())
            : new(embedding.Width, weights.Floats.ToArray(), [], []);
    }

    /// <param name="target">Written: the token's row.</param>
    public void Read(int token, Span<float> target)
    {
        if (bytes.Length == 0)
        {
            floats.AsSpan(token * width, width).CopyTo(target);
            return;
        }

        var row = bytes.AsSpan(token * width, width);
        var scale = scales[token];
        for (var index = 0; index < row.Length; index++)
        {
            target[index] = row[index] * scale;
        }
    }
}
