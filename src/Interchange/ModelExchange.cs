using System.Buffers.Binary;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;

namespace Fleet.Interchange;

/// <summary>Reads model files of every kind; which it is, is seen from the bytes.</summary>
public static class ModelExchange
{
    /// <param name="hints">What a PyTorch state dict does not tell.</param>
    /// <exception cref="FileFormatException">The file is no model, is damaged, or is not supported; the message says where and why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ExchangedModel Read(string path, StateDictHints? hints = null)
    {
        if (IsPickle(path))
        {
            throw new FileFormatException(
                path,
                "byte 0",
                "it is a PyTorch pickle archive, as torch.save writes it, which can run code when it is read and is therefore not read here.",
                "Save the state dict as safetensors: safetensors.torch.save_file(model.state_dict(), 'model.safetensors')");
        }

        if (!IsSafetensors(path))
        {
            return OnnxModelFile.Read(path);
        }

        var file = SafetensorsFile.Read(path);
        if (file.Metadata.ContainsKey(SafetensorsFile.FleetKey) || !StateDict.Matches(file))
        {
            return new ExchangedModel(ModelFile.Read(file, path), ModelOrigin.Fleet, BatchFirst: false, []);
        }

        var network = StateDict.Read(file, path, hints ?? new StateDictHints());
        return new ExchangedModel(NetworkDocument.Create(network, "pytorch", path), ModelOrigin.PyTorch, BatchFirst: false, []);
    }

    // A ZIP archive whose first entry is of torch.save's, or, of its older form, a pickle of protocol 2.
    private static bool IsPickle(string path)
    {
        using var handle = File.OpenHandle(path);
        Span<byte> start = stackalloc byte[128];
        start = start[..RandomAccess.Read(handle, start, 0)];
        return start.StartsWith("PK\u0003\u0004"u8)
            ? start.IndexOf("/data.pkl"u8) >= 0 || start.IndexOf("/byteorder"u8) >= 0 || start.IndexOf("/.format_version"u8) >= 0
            : start.StartsWith((ReadOnlySpan<byte>)[0x80, 0x02]);
    }

    /// <summary>Whether a file begins as safetensors do: a length of 8 bytes, and then JSON.</summary>
    public static bool IsSafetensors(string path)
    {
        using var handle = File.OpenHandle(path);
        Span<byte> start = stackalloc byte[9];
        return RandomAccess.Read(handle, start, 0) == start.Length && start[8] == '{'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)RandomAccess.GetLength(handle);
    }
}
