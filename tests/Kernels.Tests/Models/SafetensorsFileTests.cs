using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Models;

public sealed class SafetensorsFileTests
{
    private static readonly Dictionary<string, string> Metadata = new() { ["fleet"] = """{"split":"test"}""", ["note"] = "Größe \"é\"" };

    private static readonly Tensor[] Tensors =
    [
        new("labels", [3], new ushort[] { 1, 2, 65535 }),
        new("inputs", [3, 1, 2], new[] { 1f, -2, 3, -0f, 5, 1e-42f }),
        new("counts", [2], new uint[] { 7, uint.MaxValue }),
        new("nothing", [0, 4], Array.Empty<float>()),
    ];

    [Fact]
    public void What_was_written_is_read()
    {
        var file = SafetensorsFile.Read(Bytes(Metadata, Tensors), "x");

        Assert.Equal(Metadata.OrderBy(pair => pair.Key), file.Metadata.OrderBy(pair => pair.Key));
        Assert.Equal(Tensors.Select(tensor => tensor.Name).Order(), file.Tensors.Keys.Order());
        Assert.All(Tensors, tensor =>
        {
            Assert.Equal(tensor.Shape, file.Tensors[tensor.Name].Shape);
            Assert.Equal(tensor.Data, file.Tensors[tensor.Name].Data);
        });
    }

    [Fact]
    public void The_order_of_tensors_and_metadata_does_not_change_the_bytes() =>
        Assert.Equal(
            Bytes(Metadata, Tensors),
            Bytes(Metadata.Reverse().ToDictionary(), Tensors.Reverse()));

    [Fact]
    public void Each_tensor_is_aligned_to_its_elements()
    {
        var bytes = Bytes(Metadata, Tensors);
        Assert.Equal(0L, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
        // Wide elements come first: the three 16-bit labels are the last six bytes.
        Assert.Equal([1, 0, 2, 0, 255, 255], bytes[^6..]);
    }

    [Fact]
    public void Any_tensors_survive_the_way_to_a_file_and_back() =>
        Gen.Select(Gen.Float[-1e6f, 1e6f].Array[0, 50], Gen.UShort.Array[0, 50], Gen.UInt.Array[0, 9], Gen.String)
        .Sample((floats, shorts, words, text) =>
        {
            var file = SafetensorsFile.Read(
                Bytes(new() { ["any"] = new string([.. text.Where(c =>
                    !char.IsSurrogate(c))]) }, [new("f", [floats.Length], floats), new("s", [1, shorts.Length], shorts), new("w", [words.Length], words)]),
                "x");
            return file.Tensors["f"].Floats.SequenceEqual(floats) && file.Tensors["s"].Words16.SequenceEqual(shorts)
                && file.Tensors["w"].Words32.SequenceEqual(words);
        });

    [Fact]
    public void A_file_cut_short_anywhere_is_an_error()
    {
        var bytes = Bytes(Metadata, Tensors);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<FileFormatException>(() => SafetensorsFile.Read(bytes.AsMemory(0, length), "x"));
        }
    }

    [Fact]
    public void Reading_a_file_cut_short_names_the_missing_bytes()
    {
        var bytes = Bytes(Metadata, Tensors);
        var error = Assert.Throws<FileFormatException>(() => SafetensorsFile.Read(bytes.AsMemory(0, bytes.Length - 5), "set.safetensors"));
        Assert.Equal("tensor 'labels'", error.Place);
        Assert.StartsWith("set.safetensors: tensor 'labels': ", error.Message);
        Assert.Contains("5 are missing", error.Message);
        Assert.Contains("fetch it or make it again", error.Message);
    }

    [Fact]
    public void Bytes_behind_the_end_are_an_error() =>
        Assert.Contains("1 bytes follow", Fails([.. Bytes(Metadata, Tensors), 0]).Message);

    [Fact]
    public void Any_flipped_bit_is_an_error()
    {
        var bytes = Bytes(Metadata, Tensors);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<FileFormatException>(() => SafetensorsFile.Read(bytes, "x"));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(4, SafetensorsFile.Read(bytes, "x").Tensors.Count);
    }

    [Fact]
    public void A_file_of_another_program_needs_no_checksum()
    {
        var file = SafetensorsFile.Read(Foreign("""{"a":{"dtype":"U16","shape":[2],"data_offsets":[0,4]}}""", 4), "x");
        Assert.Equal(2, file.Tensors["a"].Words16.Length);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "declared twice")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "inside the data of another")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "4 bytes behind the end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "takes 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "more elements than can be read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "negative extent")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "more than 8 dimensions")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", "more than two offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "goes from 8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "missing")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "there twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":1}}""", "'extra' is unknown")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}""", "'BF16' is not supported; F32, I8, U16, U32 are")]
    [InlineData("""{"a":{"dtype":"2","shape":[2],"data_offsets":[0,8]}}""", "'2' is not supported")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", "there twice")]
    [InlineData("""{"__metadata__":{"fleet":"{}"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'fleet.sha256' is missing")]
    [InlineData("""{"__metadata__":{"fleet.sha256":"00"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not 64 hex digits")]
    [InlineData("""[]""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {}""", "not the JSON")]
    [InlineData("""{"a":""", "not the JSON")]
    public void A_header_that_lies_is_an_error_that_says_why(string header, string cause) =>
        Assert.Contains(cause, Fails(Foreign(header, 8)).Message);

    [Fact]
    public void Mutations_of_a_file_without_a_checksum_are_read_or_refused()
    {
        var valid = Foreign(
            """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"U16","shape":[3],"data_offsets":[8,14]}}""", 14);
        var random = new Random(20_260_801);
        var read = 0;
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = valid.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var (from, to) = (random.Next(bytes.Length), random.Next(bytes.Length));
                bytes[to] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => bytes[from], _ => (byte)(bytes[to] + 1) };
            }

            try
            {
                SafetensorsFile.Read(bytes.AsMemory(0, random.Next(10) == 0 ? random.Next(bytes.Length) : bytes.Length), "x");
                read++;
            }
            catch (FileFormatException)
            {
            }
        }

        Assert.InRange(read, 1, 49_999);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData(100UL)]
    public void A_header_said_to_be_huge_is_an_error_and_nothing_is_allocated(ulong length)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Fails(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains($"said to have {length} bytes, but 56 follow", Fails(bytes).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_an_error()
    {
        var bytes = Foreign("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        bytes[10] = 0xFF;
        Assert.Contains("not UTF-8", Fails(bytes).Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_neither_read_nor_written(float value)
    {
        for (var index = 0; index < 40; index++)
        {
            var values = new float[40];
            values[index] = value;
            var error = Assert.Throws<ArgumentException>(() => Bytes(Metadata, [new("w", [40], values)]));
            Assert.Contains($"at element {index};", error.Message);

            var bytes = Foreign("""{"w":{"dtype":"F32","shape":[40],"data_offsets":[0,160]}}""", 160);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 160 + (4 * index)), value);
            Assert.Contains($"element {index} is ", Fails(bytes).Message);
        }
    }

    [Fact]
    public void A_tensor_that_does_not_fill_its_shape_is_not_written()
    {
        var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(stream, Metadata, [new("w", [3], new float[2])]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(stream, Metadata, [new("w", [2], new float[2]), new("w", [1], new uint[1])]));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void Reading_allocates_no_more_than_the_tensors_and_the_header()
    {
        var bytes = Bytes(Metadata, [new("w", [1_000_000], new float[1_000_000])]);
        SafetensorsFile.Read(bytes, "x");
        var before = GC.GetAllocatedBytesForCurrentThread();
        SafetensorsFile.Read(bytes, "x");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4_000_000, 4_100_000);
    }

    private static FileFormatException Fails(byte[] bytes) => Assert.Throws<FileFormatException>(() => SafetensorsFile.Read(bytes, "x"));

    private static byte[] Bytes(Dictionary<string, string> metadata, IEnumerable<Tensor> tensors)
    {
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, metadata, tensors);
        return stream.ToArray();
    }

    private static byte[] Foreign(string header, int dataBytes)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        return bytes;
    }
}
