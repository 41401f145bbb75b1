using System.Security.Cryptography;
using Fleet.Protocol.V1;
using Google.Protobuf;

namespace Fleet.DeviceAgent.Journal;

/// <summary>A report as a file: a magic line, the SHA-256 of what follows, then the message itself.</summary>
internal static class JournalEntry
{
    private static ReadOnlySpan<byte> Magic => "fleet-journal-1\n"u8;

    public static void Write(Stream stream, RunReport report)
    {
        var payload = report.ToByteArray();
        stream.Write(Magic);
        stream.Write(SHA256.HashData(payload));
        stream.Write(payload);
    }

    /// <exception cref="InvalidDataException">The bytes are not what was written; the message says in what way.</exception>
    public static RunReport Read(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic))
        {
            throw new InvalidDataException("it does not begin as a journal entry");
        }

        bytes = bytes[Magic.Length..];
        if (bytes.Length < SHA256.HashSizeInBytes)
        {
            throw new InvalidDataException("it ends within its checksum");
        }

        var payload = bytes[SHA256.HashSizeInBytes..];
        return SHA256.HashData(payload).AsSpan().SequenceEqual(bytes[..SHA256.HashSizeInBytes])
            ? RunReport.Parser.ParseFrom(payload)
            : throw new InvalidDataException("its bytes do not match their checksum");
    }
}
