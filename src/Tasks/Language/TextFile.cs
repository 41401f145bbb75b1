using System.Text;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Language;

/// <summary>Reads a file that must be UTF-8 text.</summary>
internal static class TextFile
{
    /// <exception cref="TaskDataException">The file is empty, or a line holds what no text holds; file and line are named.</exception>
    public static string Read(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (bytes.IsEmpty)
        {
            throw new TaskDataException($"{path} is empty.");
        }

        if (bytes.IndexOf((byte)0) is >= 0 and var nul)
        {
            throw new TaskDataException($"{path}:{Line(bytes, nul)}: there is a NUL byte, so this is no text, or it is UTF-16. Save it as UTF-8.");
        }

        return FirstInvalid(bytes) is { } wrong
            ? throw new TaskDataException(
                $"{path}:{Line(bytes, wrong)}: byte 0x{bytes[wrong]:x2} is not UTF-8. Save the text as UTF-8, for example with iconv -f latin1 -t utf-8.")
            : Encoding.UTF8.GetString(bytes);
    }

    private static int? FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return null;
    }

    private static int Line(ReadOnlySpan<byte> bytes, int at) => bytes[..at].Count((byte)'\n') + 1;
}
