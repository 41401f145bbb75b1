using System.Buffers.Binary;
using System.Text;

namespace Fleet.Tasks.Tests.Speech;

/// <summary>A folder of spoken digits, and WAV files in memory: tones, a different one for each digit.</summary>
internal sealed class SmallDigits : IDisposable
{
    public const int Rate = 8000;

    public SmallDigits(int speakers = 2, int takes = 7)
    {
        Folder = Directory.CreateTempSubdirectory("fleet-digits-").FullName;
        for (var digit = 0; digit < 10; digit++)
        {
            for (var speaker = 0; speaker < speakers; speaker++)
            {
                for (var take = 0; take < takes; take++)
                {
                    Write($"{digit}_speaker{speaker}_{take}.wav", Wav(Tone(300 + (digit * 100), 0.3)));
                }
            }
        }
    }

    public string Folder { get; }

    public void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(Folder, name), content);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static short[] Tone(double hertz, double seconds) =>
        [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(sample => (short)(8000 * Math.Sin(2 * Math.PI * hertz * sample / Rate)))];

    /// <summary>RIFF, WAVE, a chunk that nobody knows (of odd length), fmt and data.</summary>
    public static byte[] Wav(short[] samples, int rate = Rate, short channels = 1, short bits = 16, short coding = 1)
    {
        var data = new byte[2 * samples.Length];
        for (var index = 0; index < samples.Length; index++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * index), samples[index]);
        }

        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(4 + (8 + 4) + (8 + 16) + 8 + data.Length);
        writer.Write("WAVE"u8);
        writer.Write("note"u8);
        writer.Write(3);
        writer.Write("abc\0"u8);
        writer.Write("fmt "u8);
        writer.Write(16);
        writer.Write(coding);
        writer.Write(channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write(bits);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return stream.ToArray();
    }
}
