using System.Text;
using CsCheck;
using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;

namespace Fleet.Interchange.Tests.Arrays;

public sealed class NpyFileTests
{
    [Fact]
    public void Any_array_survives_the_way_to_a_file_and_back() =>
        Gen.Select(Gen.Int[0, 4].Array[0, 4], Gen.Int[0, 3], Gen.Int).Sample((shape, type, seed) =>
        {
            var random = new Random(seed);
            var count = shape.Aggregate(1, (one, other) => one * other);
            Array data = type switch
            {
                0 => Many(count, () => (float)random.NextDouble()),
                1 => Many(count, random.NextDouble),
                2 => Many(count, random.Next),
                _ => Many(count, () => random.NextInt64()),
            };
            var bytes = Bytes(new NumericArray(shape, data));
            var read = NpyFile.Read(bytes, "x.npy");
            Assert.Equal(shape, read.Shape);
            Assert.Equal(data, read.Data);
            // NumPy asks for elements that begin at a multiple of 64.
            Assert.Equal(0, (bytes.Length - (count * (type is 0 or 2 ? 4 : 8))) % 64);
        });

    [Fact]
    public void The_bytes_are_those_that_numpy_writes() => Assert.Equal(
        Raw(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".PadRight(117) + "\n", [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]),
        Bytes(new NumericArray([2], new[] { 1f, -2f })));

    [Fact]
    public void In_Fortran_order_the_first_index_runs_fastest()
    {
        // [[0, 1, 2], [3, 4, 5]] column by column.
        var data = new[] { 0, 3, 1, 4, 2, 5 }.SelectMany(BitConverter.GetBytes).ToArray();
        var read = NpyFile.Read(Raw(2, "{'descr':'<i4','shape':(2,3),'fortran_order':True}\n", data), "x.npy");
        Assert.Equal([2, 3], read.Shape);
        Assert.Equal(new[] { 0, 1, 2, 3, 4, 5 }, read.Data);
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "its elements are '>f4'")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", "astype('<f4')")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "asks for 2 elements")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999,), }", "9999999999")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", "9 dimensions")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "fortran_order")]
    [InlineData("nothing of the kind", "nothing of the kind")]
    public void A_file_that_cannot_be_read_says_why(string header, string words)
    {
        var failure = Assert.Throws<FileFormatException>(() => NpyFile.Read(Raw(1, header + "\n", new byte[4]), "bad.npy"));
        Assert.StartsWith("bad.npy: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_files_give_an_error_or_an_array()
    {
        byte[][] valid =
        [
            Bytes(new NumericArray([2, 3], new float[6])),
            Bytes(new NumericArray([4], new long[4])),
            Raw(2, "{'descr':'<i4','shape':(2,3),'fortran_order':True}\n", new byte[24]),
        ];
        for (var seed = 0; seed < 20_000; seed++)
        {
            try
            {
                NpyFile.Read(Mutation.Of(valid, seed), "mutated");
            }
            catch (FileFormatException)
            {
                // That is the other answer.
            }
        }
    }

    private static T[] Many<T>(int count, Func<T> one) => [.. Enumerable.Range(0, count).Select(_ => one())];

    private static byte[] Bytes(NumericArray array)
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, array);
        return stream.ToArray();
    }

    private static byte[] Raw(byte version, string header, byte[] data)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
