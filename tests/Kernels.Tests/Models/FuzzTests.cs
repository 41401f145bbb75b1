using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Models;

/// <summary>Damaged model files. A mutation's number is its seed, so a failure can be had again alone.</summary>
public sealed class FuzzTests
{
    private const int Mutations = 100_000;

    // Beside what grows with the file: objects of the parser, the hash and an exception.
    private const long FixedBytes = 256 << 10;

    private static readonly byte[] ChecksumKey = Encoding.ASCII.GetBytes("\"fleet.sha256\":\"");

    private static readonly byte[][] Files =
        [.. Structures().Select((structure, index) => RandomModel.Create(structure, index))
            .SelectMany(model => (byte[][])[Bytes(model), Bytes(Quantiser.Quantise(model))])];

    [Fact]
    public void A_mutated_model_file_is_an_error_or_a_model_that_runs_and_takes_no_more_memory_than_twice_the_file()
    {
        var (models, errors) = (0, 0);
        for (var seed = 0; seed < Mutations; seed++)
        {
            var bytes = Mutate(new Random(seed));
            var before = GC.GetAllocatedBytesForCurrentThread();
            ModelDocument? document = null;
            try
            {
                document = ModelFile.Read(bytes, "fuzzed");
                models++;
            }
            catch (FileFormatException)
            {
                errors++;
            }
            catch (Exception error)
            {
                Assert.Fail($"Mutation {seed}: {error}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= (2L * bytes.Length) + FixedBytes, $"Mutation {seed}: {allocated} bytes for a file of {bytes.Length}.");
            if (document is not null)
            {
                Run(document);
            }
        }

        // Mutations that keep a model valid are needed to see that what is read can be run, others to see that it is refused.
        Assert.InRange(models, Mutations / 100, Mutations / 2);
        Assert.InRange(errors, Mutations / 2, Mutations - (Mutations / 100));
    }

    private static void Run(ModelDocument document)
    {
        var structure = document.Structure;
        var runner = SequenceModel.Create(document).CreateRunner(2);
        var output = new float[structure.Outputs];
        if (structure.Embedding is null)
        {
            runner.Run(new float[2 * structure.Features], 2, output);
        }
        else
        {
            runner.Run([0, structure.Embedding.Vocabulary - 1], output);
        }
    }

    private static byte[] Mutate(Random random)
    {
        var bytes = (byte[])Files[random.Next(Files.Length)].Clone();
        for (var turn = random.Next(1, 4); turn > 0 && bytes.Length > 0; turn--)
        {
            var at = random.Next(random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, HeaderEnd(bytes)));
            bytes = random.Next(6) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]],
                2 => ReplaceNumber(bytes, at, random),
                3 => Set(bytes, at, (byte)random.Next(256)),
                4 => Set(bytes, at, (byte)"0123456789{}[],:\"x"[random.Next(18)]),
                _ => Set(bytes, at, (byte)(bytes[at] ^ (1 << random.Next(8)))),
            };
        }

        // What only the checksum would find is to be found by what comes behind it.
        return random.Next(4) == 0 ? bytes : Sign(bytes);
    }

    private static int HeaderEnd(byte[] bytes) => bytes.Length < 8 ? bytes.Length : (int)Math.Min(BitConverter.ToUInt64(bytes) + 8, (ulong)bytes.Length);

    private static byte[] Set(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }

    /// <summary>The next number in the text becomes another one, and the header's length what it is then.</summary>
    private static byte[] ReplaceNumber(byte[] bytes, int at, Random random)
    {
        var end = HeaderEnd(bytes);
        while (at < end && !char.IsAsciiDigit((char)bytes[at]))
        {
            at++;
        }

        var after = at;
        while (after < end && char.IsAsciiDigit((char)bytes[after]))
        {
            after++;
        }

        long[] numbers = [0, 1, 2, 3, 7, 8, -1, 255, 65535, 65536, int.MaxValue, 1L << 31, 1L << 32, long.MaxValue];
        var number = Encoding.ASCII.GetBytes(numbers[random.Next(numbers.Length)].ToString(CultureInfo.InvariantCulture));
        byte[] replaced = [.. bytes[..at], .. number, .. bytes[after..]];
        if (end < bytes.Length && at >= 8)
        {
            BitConverter.TryWriteBytes(replaced, (ulong)(end - 8 + number.Length - (after - at)));
        }

        return replaced;
    }

    private static byte[] Sign(byte[] bytes)
    {
        var digits = bytes.AsSpan().IndexOf(ChecksumKey) + ChecksumKey.Length;
        if (digits >= ChecksumKey.Length && digits + 64 <= bytes.Length)
        {
            bytes.AsSpan(digits, 64).Fill((byte)'0');
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.AsSpan(digits));
        }

        return bytes;
    }

    private static IEnumerable<ModelStructure> Structures()
    {
        var shape = new CellShape(CellShape.Lstm, 8, 9);
        yield return ModelStructure.Classifier(CellStructure.Dense(shape), 2);
        foreach (var method in (string[])["hmd", "lmf", "pruned", "block-sparse", "doped-kronecker"])
        {
            yield return ModelStructure.Classifier(RandomModel.Structure(shape, method, 1.3, ("input", "compressed")), 2);
        }

        var gru = CellStructure.Dense(new CellShape(CellShape.Gru, 4, 5) { ResetBefore = true });
        var top = new LayerStructure(CellStructure.Dense(new CellShape(CellShape.FastGrnn, 10, 6)));
        yield return new ModelStructure(
            new EmbeddingStructure(9, 4),
            Normalised: false,
            [new LayerStructure(LayerDirection.Bidirectional, [gru, gru]), top],
            new HeadStructure(HeadKind.Language, 9, Softmax: true));
    }

    private static byte[] Bytes(ModelDocument document)
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, document);
        return stream.ToArray();
    }
}
