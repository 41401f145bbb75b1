using System.Diagnostics;
using System.Runtime.InteropServices;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;
using Google.Protobuf;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>Whatever the bytes are: an error or a model, soon, and in memory that goes with the file's size.</summary>
public sealed class FuzzTests
{
    // Seeds 0 to 99,999: a failure names its seed, and the same seed makes the same bytes again.
    private const int Mutations = 100_000;

    // What reading takes beside twice the file: parsed nodes, probes, room to transpose weights.
    private const long Spare = 64 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_mutated_ONNX_file_gives_an_error_or_a_model()
    {
        var valid = FuzzSeeds.OnnxFiles();
        Assert.All(valid, bytes => OnnxModelFile.Read(bytes, "valid"));
        var models = Mutate(valid, bytes => OnnxModelFile.Read(bytes, "mutated"));
        // Some changes hit a weight or a name, and leave a model.
        Assert.InRange(models, Mutations / 100, Mutations - (Mutations / 100));
    }

    [Fact]
    public void A_mutated_state_dict_gives_an_error_or_a_model()
    {
        var valid = StateDictSeeds.Files();
        var models = Mutate(valid, bytes =>
            NetworkDocument.Create(StateDict.Read(SafetensorsFile.Read(bytes, "mutated"), "mutated", new StateDictHints("tanh")), "pytorch", "mutated"));
        Assert.InRange(models, Mutations / 100, Mutations - (Mutations / 100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reading_a_model_of_megabytes_takes_memory_that_goes_with_its_size(bool structured)
    {
        var recurrent = structured ? (MatrixStructure)new HmdStructure(4, 500, 500, 250, 2) : new DenseStructure(4, 500, 500);
        var shape = new CellShape(CellShape.Lstm, 300, 500);
        var bytes = OnnxModelFile.ToBytes(RandomModel.Create(
            new ModelStructure(
                null,
                Normalised: false,
                [new LayerStructure(new CellStructure(shape, new DenseStructure(4, 500, 300), recurrent))],
                new HeadStructure(HeadKind.None)), 1));
        // All that is ever allocated: the file's constants, and the model made of them.
        AssertTakes(bytes, 2 * (long)bytes.Length);
    }

    [Theory]
    [InlineData("LSTM", 4)]
    [InlineData("GRU", 3)]
    public void Reading_half_floats_by_the_megabyte_takes_the_file_and_the_floats_that_are_made_of_it(string kind, int gates)
    {
        var made = new ForeignGraph(13, DataType.Float, "steps", 1, 400);
        var all = made.Transpose(made.Recurrent(kind, "x", 400, 500, "bidirectional")[0], 0, 2, 1, 3);
        var model = made.Model(made.Graph.Node("Reshape", [all, made.Graph.Integers(0, 0, -1)]));
        var rounded = model.Clone();
        foreach (var (tensor, same) in model.Graph.Initializer.Zip(rounded.Graph.Initializer).Where(pair => pair.First.DataType == (int)DataType.Float))
        {
            var halves = Array.ConvertAll(MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray(), value => (Half)value);
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<Half>(halves));
            tensor.DataType = (int)DataType.Float16;
            same.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Array.ConvertAll(halves, value => (float)value)));
        }

        var bytes = model.ToByteArray();
        Assert.InRange(bytes.Length, 2 * 2 * gates * 500 * 900, int.MaxValue);
        AssertTakes(bytes, 3 * (long)bytes.Length);
        var expected = OnnxModelFile.Read(rounded.ToByteArray(), "rounded").Document.Tensors;
        Assert.All(OnnxModelFile.Read(bytes, "halves").Document.Tensors, pair => Assert.Equal(expected[pair.Key].Data, pair.Value.Data));
    }

    [Fact]
    public void Reading_a_state_dict_of_megabytes_holds_its_weights_once()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(
                path,
                StateDictSeeds.Bytes(StateDictSeeds.Tensors("lstm.", 4, layers: 1, input: 300, hidden: 500, bidirectional: false, ("fc.weight", [40, 500]))));
            var length = new FileInfo(path).Length;
            ModelExchange.Read(path);
            var before = GC.GetAllocatedBytesForCurrentThread();
            ModelExchange.Read(path);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, length - 10_000, length + 200_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(4_000_000)]
    public void What_a_graph_makes_of_its_input_is_counted_in_bytes(int elements)
    {
        // Each probe's element takes four times what a weight takes.
        var made = new ForeignGraph(13, DataType.Float, 1, 1, 1);
        var spare = made.Weights(elements);
        var spread = made.Graph.Node("Expand", ["x", made.Graph.Integers(elements, 1, 1)]);
        var bytes = made.Bytes(made.Graph.Node("Add", [made.Recurrent("RNN", spread, 1, 1)[0], spare]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(bytes, "hostile"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (2 * (long)bytes.Length) + Spare);
        Assert.Equal(elements > 1 << 21, error.Message.Contains("more than a run may hold", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_empty_nodes_are_refused_before_they_take_memory() =>
        AssertRefusedCheaply(new ModelProto { Graph = new GraphProto { Node = { Enumerable.Range(0, 500_000).Select(_ => new NodeProto()) } } }.ToByteArray());

    [Fact]
    public void Small_numbers_by_the_million_are_refused_before_they_take_memory()
    {
        var large = new TensorProto { Name = "w", Int64Data = { Enumerable.Repeat(1L, 1_000_000) } };
        AssertRefusedCheaply(new ModelProto { Graph = new GraphProto { Node = { new NodeProto() }, Initializer = { large } } }.ToByteArray());
    }

    [Fact]
    public void A_text_of_a_megabyte_is_refused() =>
        AssertRefusedCheaply(new ModelProto { Graph = new GraphProto { Node = { new NodeProto { Name = new string('n', 3_000_000) } } } }.ToByteArray());

    [Fact]
    public void Graphs_within_graphs_are_refused_before_the_stack_is_used_up()
    {
        var graph = new GraphProto { Node = { new NodeProto() } };
        for (var depth = 0; depth < 200; depth++)
        {
            graph = new GraphProto { Node = { new NodeProto { Attribute = { new AttributeProto { G = graph } } } } };
        }

        AssertRefusedCheaply(new ModelProto { Graph = graph }.ToByteArray());
    }

    private static void AssertRefusedCheaply(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(bytes, "hostile"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static void AssertTakes(byte[] bytes, long max)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            ModelExchange.Read(path);
            Assert.InRange(Allocated(() => OnnxModelFile.Read(bytes, "large")), 0, max + (2 << 20));
            Assert.InRange(Allocated(() => ModelExchange.Read(path)), 0, max + (2 << 20));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static long Allocated(Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        read();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int Mutate(IReadOnlyList<byte[]> valid, Action<byte[]> read)
    {
        var models = 0;
        Parallel.ForEach(Enumerable.Range(0, Mutations), seed =>
        {
            var bytes = Mutation.Of(valid, seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                read(bytes);
                Interlocked.Increment(ref models);
            }
            catch (FileFormatException)
            {
                // That is the other answer.
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Seed {seed} gives neither an error nor a model.", error);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= (2 * bytes.Length) + Spare, $"Seed {seed}: {bytes.Length} bytes took {allocated} bytes of memory.");
            Assert.True(watch.Elapsed < Longest, $"Seed {seed} took {watch.Elapsed}.");
        });
        return models;
    }
}
