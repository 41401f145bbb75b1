using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Tests;

/// <summary>State dicts with the names and shapes that PyTorch gives them.</summary>
internal static class StateDictSeeds
{
    public static IReadOnlyList<byte[]> Files() =>
    [
        Bytes(Tensors("lstm.", 4, layers: 2, input: 3, hidden: 4, bidirectional: true, ("embed.weight", [7, 3]), ("fc.weight", [2, 8]), ("fc.bias", [2]))),
        Bytes(Tensors("", 3, layers: 1, input: 3, hidden: 4, bidirectional: false)),
        Bytes(Tensors("net.rnn.", 1, layers: 1, input: 2, hidden: 5, bidirectional: false, ("net.out.weight", [3, 5]), ("net.out.bias", [3]))),
    ];

    public static IReadOnlyList<Tensor> Tensors(
        string prefix, int gates, int layers, int input, int hidden, bool bidirectional, params (string Name, int[] Shape)[] others)
    {
        var random = new Random(11);
        var made = new List<Tensor>();
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var suffix in bidirectional ? new[] { $"_l{layer}", $"_l{layer}_reverse" } : [$"_l{layer}"])
            {
                Add($"{prefix}weight_ih{suffix}", gates * hidden, layer == 0 ? input : hidden * (bidirectional ? 2 : 1));
                Add($"{prefix}weight_hh{suffix}", gates * hidden, hidden);
                Add($"{prefix}bias_ih{suffix}", gates * hidden);
                Add($"{prefix}bias_hh{suffix}", gates * hidden);
            }
        }

        foreach (var (name, shape) in others)
        {
            Add(name, shape);
        }

        return made;

        void Add(string name, params int[] shape) =>
            made.Add(new Tensor(name, shape, Enumerable.Range(0, shape.Aggregate(1, (one, other) =>
                one * other)).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray()));
    }

    public static byte[] Bytes(IEnumerable<Tensor> tensors)
    {
        using var stream = new MemoryStream();
        // Without a checksum, as other programs write them: mutations have to get past the header.
        SafetensorsFile.Write(stream, new Dictionary<string, string> { ["format"] = "pt" }, tensors);
        var text = System.Text.Encoding.Latin1.GetString(stream.ToArray());
        var start = text.IndexOf(",\"" + SafetensorsFile.ChecksumKey, StringComparison.Ordinal);
        start = start < 0 ? text.IndexOf('"' + SafetensorsFile.ChecksumKey, StringComparison.Ordinal) : start;
        var end = text.IndexOf('"', text.IndexOf(SafetensorsFile.ChecksumKey, StringComparison.Ordinal) + SafetensorsFile.ChecksumKey.Length + 3) + 1;
        if (text[end] == ',' && text[start] != ',')
        {
            end++;
        }

        var removed = end - start;
        var without = text[..start] + text[end..];
        var length = BitConverter.ToInt64(stream.ToArray(), 0) - removed;
        var bytes = System.Text.Encoding.Latin1.GetBytes(without);
        BitConverter.GetBytes(length).CopyTo(bytes, 0);
        return bytes;
    }
}
