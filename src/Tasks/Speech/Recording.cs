using System.Buffers.Binary;
using System.Globalization;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Speech;

/// <summary>One channel of sound.</summary>
/// <param name="Samples">Within [-1, 1).</param>
internal sealed record Recording(int SampleRateHz, float[] Samples)
{
    private const int HeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int MinFormatBytes = 16;
    private const int MaxBytes = 64 << 20;
    private const ushort Pcm = 1;
    private const ushort Extensible = 0xfffe;

    /// <summary>Reads a RIFF WAVE file of 16-bit PCM, one channel. Chunks other than <c>fmt</c> and <c>data</c> are passed over.</summary>
    /// <exception cref="TaskDataException">It is no such file; the message names the file and the cause.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Recording Read(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
        {
            throw new TaskDataException($"{path} has {length} bytes; an utterance has at most {MaxBytes}.");
        }

        return Read(File.ReadAllBytes(path), path);
    }

    /// <param name="name">What messages call the file.</param>
    internal static Recording Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < HeaderBytes || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
        {
            throw new TaskDataException($"{name} is no WAV file: it does not begin with RIFF and WAVE.");
        }

        int? rate = null;
        var rest = file[HeaderBytes..];
        while (rest.Length >= ChunkHeaderBytes)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var isData = rest.StartsWith("data"u8);
            var isFormat = rest.StartsWith("fmt "u8);
            rest = rest[ChunkHeaderBytes..];
            if (size > rest.Length)
            {
                throw new TaskDataException($"{name} is cut short: a chunk of {size} bytes is announced, and {rest.Length} are there.");
            }

            var chunk = rest[..(int)size];
            if (isFormat)
            {
                rate = Rate(chunk, name);
            }
            else if (isData)
            {
                return new Recording(rate ?? throw new TaskDataException($"{name} has its samples before their format."), Decode(chunk, name));
            }

            // Chunks begin at even places.
            rest = rest[(int)Math.Min(size + (size & 1), rest.Length)..];
        }

        throw new TaskDataException($"{name} holds no samples: it has no chunk 'data'.");
    }

    private static int Rate(ReadOnlySpan<byte> format, string name)
    {
        if (format.Length < MinFormatBytes)
        {
            throw new TaskDataException($"{name} is damaged: its format takes {format.Length} bytes, fewer than {MinFormatBytes}.");
        }

        var coding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        // The extensible form says its coding in the first two bytes of a GUID.
        var isPcm = coding == Pcm || (coding == Extensible && format.Length >= 26 && BinaryPrimitives.ReadUInt16LittleEndian(format[24..]) == Pcm);
        if (!isPcm || channels != 1 || bits != 16)
        {
            var kind = isPcm ? "PCM" : $"coding {coding.ToString(CultureInfo.InvariantCulture)}";
            throw new TaskDataException($"{name} is {kind} of {bits} bits and {channels} channel(s); 16-bit PCM of one channel is read."
                + " Convert it, for example with sox: sox IN -b 16 -c 1 OUT.wav");
        }

        return rate is > 0 and <= int.MaxValue ? (int)rate : throw new TaskDataException($"{name} is damaged: its sample rate is {rate} Hz.");
    }

    private static float[] Decode(ReadOnlySpan<byte> data, string name)
    {
        if (data.Length < 2)
        {
            throw new TaskDataException($"{name} holds no samples.");
        }

        var samples = new float[data.Length / 2];
        for (var index = 0; index < samples.Length; index++)
        {
            samples[index] = BinaryPrimitives.ReadInt16LittleEndian(data[(2 * index)..]) / 32768f;
        }

        return samples;
    }
}
