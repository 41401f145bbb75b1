using System.Buffers.Binary;
using System.Text;

namespace Fleet.Cli.Packages;

/// <summary>What a 64-bit little-endian ELF program asks of the system that it is to run on.</summary>
/// <remarks>Format: the ELF-64 object file format, and the GNU extension for symbol versions in the Linux Standard Base.</remarks>
internal sealed class ElfFile
{
    private const int SectionHeaderSize = 64;
    private const uint DynamicSection = 6;
    private const uint VersionsNeededSection = 0x6ffffffe;
    private const long NeededTag = 1;
    private const string GlibcPrefix = "GLIBC_";

    private readonly byte[] bytes;

    private ElfFile(byte[] bytes)
    {
        this.bytes = bytes;
        if (bytes.Length < SectionHeaderSize || !bytes.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("it is no 64-bit program of Linux (ELF)");
        }
    }

    /// <summary>The architecture's number: 62 is x64, 183 is ARM64.</summary>
    public ushort Machine => UInt16(18);

    /// <summary>Shared libraries that must be there.</summary>
    public IReadOnlyList<string> Libraries => [.. Sections(DynamicSection).SelectMany(NeededLibraries).Order(StringComparer.Ordinal)];

    /// <summary>The newest version of glibc that a symbol is taken from: with an older one the program does not start.</summary>
    public Version Glibc => Sections(VersionsNeededSection)
        .SelectMany(VersionsNeeded)
        .Where(name => name.StartsWith(GlibcPrefix, StringComparison.Ordinal))
        .Select(name => Version.TryParse(name[GlibcPrefix.Length..], out var version) ? version : new Version(0, 0))
        .DefaultIfEmpty(new Version(0, 0))
        .Max()!;

    /// <exception cref="InvalidDataException">It is no such program, or broken; the message says what is wrong with it.</exception>
    public static ElfFile Read(string path) => new(File.ReadAllBytes(path));

    private IEnumerable<Section> Sections(uint type)
    {
        var table = Offset(0x28);
        var size = UInt16(0x3a);
        var count = UInt16(0x3c);
        for (var index = 0; index < count; index++)
        {
            var section = ReadSection(table + (index * size));
            if (section.Type == type)
            {
                yield return section;
            }
        }

        Section ReadSection(int at)
        {
            var strings = table + ((int)UInt32(at + 40) * size);
            return new Section(UInt32(at + 4), Offset(at + 24), Offset(at + 32), Offset(strings + 24));
        }
    }

    private IEnumerable<string> NeededLibraries(Section section)
    {
        for (var at = section.Start; at < section.Start + section.Length; at += 16)
        {
            if (Int64(at) == NeededTag)
            {
                yield return Text(section.Strings + Offset(at + 8));
            }
        }
    }

    // A list of libraries, each with a list of the versions that are taken from it.
    private IEnumerable<string> VersionsNeeded(Section section)
    {
        for (var library = section.Start; ;)
        {
            for (var version = library + (int)UInt32(library + 8); ;)
            {
                yield return Text(section.Strings + (int)UInt32(version + 8));
                var next = UInt32(version + 12);
                if (next == 0)
                {
                    break;
                }

                version += (int)next;
            }

            var step = UInt32(library + 12);
            if (step == 0)
            {
                yield break;
            }

            library += (int)step;
        }
    }

    private string Text(int at)
    {
        var rest = Slice(at, 1, toEnd: true);
        var end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }

    private ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

    private uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));

    private long Int64(int at) => BinaryPrimitives.ReadInt64LittleEndian(Slice(at, 8));

    private int Offset(int at) => Int64(at) is >= 0 and <= int.MaxValue and var value ? (int)value : throw Broken();

    private ReadOnlySpan<byte> Slice(int at, int length, bool toEnd = false) =>
        at >= 0 && at <= bytes.Length - length ? bytes.AsSpan(at, toEnd ? bytes.Length - at : length) : throw Broken();

    private static InvalidDataException Broken() => new("its tables point outside of the file");

    /// <param name="Strings">Where the strings begin that its entries point to.</param>
    private readonly record struct Section(uint Type, int Start, int Length, int Strings);
}
