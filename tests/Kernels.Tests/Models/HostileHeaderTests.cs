using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Models;

/// <summary>Headers that ask for as much as they can: whatever they say, memory stays within twice the file and 16 MB.</summary>
public sealed class HostileHeaderTests
{
    private const long Spare = 16 << 20;
    private const string NoDigits = "0000000000000000000000000000000000000000000000000000000000000000";

    // The most that a header may always have, and one of a file of 64 MB.
    private static readonly int[] Lengths = [1 << 18, 1 << 20];

    public static TheoryData<string, int> Headers() => [.. Kinds.Keys.SelectMany(kind => Lengths.Select(length => (kind, length)))];

    private static readonly Dictionary<string, Func<int, string>> Kinds = new(StringComparer.Ordinal)
    {
        ["empty tensors"] = length => Repeat(length, "", index => $$""","{{index:x}}":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}""", ""),
        ["empty tensors of eight axes"] = length =>
            Repeat(length, "", index => $$""","{{index:x}}":{"dtype":"I8","shape":[0,1,1,1,1,1,1,1],"data_offsets":[0,0]}""", ""),
        ["a long name"] = length => $$""","{{new string('n', length - 200)}}":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}""",
        ["short texts"] = length => Repeat(length, ",\"__metadata__\":{\"z\":\"\"", index => $",\"{index:x}\":\"\"", "}"),
        ["a long text"] = length => Metadata("format", new string('x', length - 200)),
        ["labels of a letter"] = length => Description(length, "\"labels\":[\"\"", _ => ",\"a\"", "]", ""),
        ["labels of a number"] = length => Description(length, "\"labels\":[\"\"", index => $",\"{index:x}\"", "]", ""),
        ["arguments"] = length => Description(length, "\"labels\":[]", index => $",\"{index:x}\":\"\"", "", "arguments"),
        ["layers"] = length => Description(length, "\"labels\":[]", _ => ",null", "", "layers"),
        ["matrices"] = length => Description(length, "\"labels\":[]", _ => ",{}", "", "matrices"),
        ["what nobody reads"] = length => Description(length, "\"labels\":[]", _ => ",[]", "", "other"),
        ["depth"] = length => Metadata("fleet", new string('[', length - 200)),
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_header_takes_no_more_memory_than_twice_the_file_and_16_MB(string kind, int length)
    {
        var bytes = File(Kinds[kind](length), length == Lengths[0] ? 0 : SafetensorsHeader.CostOfByte * length);
        var path = Path.GetTempFileName();
        try
        {
            System.IO.File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<FileFormatException>(() => ModelFile.Read(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (2L * bytes.Length) + Spare);
            // It was read whole, as far as it goes: neither its checksum nor its text is what is wrong.
            Assert.DoesNotContain("checksum", error.Message, StringComparison.Ordinal);
            Assert.True(kind is "depth" || !error.Message.Contains("BytePosition", StringComparison.Ordinal), error.Message);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void A_header_longer_than_its_file_may_have_is_refused_before_it_is_read(int data)
    {
        var bytes = File(Kinds["a long text"]((1 << 18) + 1024), data);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<FileFormatException>(() => SafetensorsFile.Read(bytes, "x"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(
            $"more than the {1 << 18} that a file of {bytes.Length} bytes may have. Keep what is no tensor in a file of its own.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_a_file_holds_its_tensors_once()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = System.IO.File.Create(path))
            {
                SafetensorsFile.Write(file, new Dictionary<string, string>(), [new Tensor("w", [1_000_000], new float[1_000_000])]);
            }

            SafetensorsFile.Read(path);
            var before = GC.GetAllocatedBytesForCurrentThread();
            SafetensorsFile.Read(path);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4_000_000, 4_100_000);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static string Description(int length, string labels, Func<int, string> more, string after, string where)
    {
        const string cell = "\"cell\":\"lstm\",\"input\":1,\"hidden\":1,\"direction\":\"forward\"";
        var head = "{\"format\":2,\"metadata\":{" + labels;
        var (start, end) = where switch
        {
            "arguments" =>
                (head + "},\"normalised\":false,\"layers\":[{" + cell + ",\"matrices\":[{\"input\":{\"method\":\"dense\",\"arguments\":{\"z\":\"\"", "}}}]}]"),
            "layers" => (head + "},\"normalised\":false,\"layers\":[null", "]"),
            "matrices" => (head + "},\"normalised\":false,\"layers\":[{" + cell + ",\"matrices\":[{}", "]}]"),
            "other" => (head + "},\"normalised\":false,\"layers\":[],\"other\":[[]", "]"),
            _ => (head, after + "},\"normalised\":false,\"layers\":[]"),
        };
        // A quote takes two bytes within a text.
        var text = new StringBuilder(start);
        var room = length - 600;
        for (var index = 0; room > 0; index++)
        {
            var one = more(index);
            room -= one.Length + one.Count(letter => letter == '"');
            text.Append(one);
        }

        return Metadata("fleet", text + end + ",\"head\":{\"kind\":\"none\",\"outputs\":0,\"softmax\":false}}");
    }

    private static string Metadata(string key, string text) =>
        ",\"__metadata__\":{\"" + key + "\":\"" + text.Replace("\"", "\\\"", StringComparison.Ordinal) + "\",\"fleet.sha256\":\"" + NoDigits + "\"}";

    private static string Repeat(int length, string start, Func<int, FormattableString> one, string end)
    {
        var text = new StringBuilder(start);
        for (var index = 1; text.Length < length - 200; index++)
        {
            text.Append(one(index).ToString(CultureInfo.InvariantCulture));
        }

        return text + end;
    }

    // With one tensor of bytes, and a checksum where the header has room for it.
    private static byte[] File(string header, int data)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"data":{"dtype":"I8","shape":[{{data}}],"data_offsets":[0,{{data}}]}""" + header + "}");
        var bytes = new byte[8 + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        if (header.IndexOf(NoDigits, StringComparison.Ordinal) >= 0)
        {
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.AsSpan(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoDigits))));
        }

        return bytes;
    }
}
