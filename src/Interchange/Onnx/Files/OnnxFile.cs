using System.Runtime.InteropServices;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using Google.Protobuf;

namespace Fleet.Interchange.Onnx.Files;

/// <summary>
/// An ONNX file in memory: its nodes, and its initialisers as arrays. Sizes are checked before anything is allocated for them.
/// </summary>
internal sealed class OnnxFile
{
    /// <summary>Versions of ONNX's own operators that are read.</summary>
    public const int OldestOpset = 7;
    public const int NewestOpset = 22;

    /// <summary>What to do where the bytes are sound, and what they say is not.</summary>
    public const string Contradictory = "The graph contradicts itself there: check it with onnx.checker, and export it again.";

    public const string Damaged = "The file is damaged, was cut short, or is no ONNX model: export it again.";

    // Shapes and axes have a few elements.
    private const int MaxKept = 64;

    private OnnxFile(string name, ModelProto model, int opset, Dictionary<string, NumericArray> initialisers)
    {
        Name = name;
        Model = model;
        Opset = opset;
        Initialisers = initialisers;
    }

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>The file as it was, but of initialisers only shapes and the like, short ones of INT64, have their data.</summary>
    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    public int Opset { get; }

    /// <summary>Constant tensors by name.</summary>
    public IReadOnlyDictionary<string, NumericArray> Initialisers { get; }

    /// <summary>What has to be fed: the graph's inputs that are no initialisers.</summary>
    public IEnumerable<ValueInfoProto> Inputs => Graph.Input.Where(input => !Initialisers.ContainsKey(input.Name));

    /// <summary>Whether a domain of operators is ONNX's own.</summary>
    public static bool IsOnnx(string domain) => domain is "" or "ai.onnx";

    /// <exception cref="FileFormatException">The file is no ONNX model, is damaged, or holds what is not supported.</exception>
    /// <exception cref="IOException">The file, or one that it keeps its weights in, cannot be read.</exception>
    public static OnnxFile Read(string path)
    {
        using var handle = File.OpenHandle(path);
        var source = new OpenFile(handle, path);
        return source.Length <= Array.MaxLength
            ? Read(source, path, Path.GetDirectoryName(Path.GetFullPath(path)))
            : throw new FileFormatException(
                path, "whole file", $"it has {source.Length} bytes; files of at most {Array.MaxLength} can be read.", "Keep its weights in files beside it.");
    }

    /// <param name="name">What messages call the file.</param>
    /// <param name="folder">Where files with its weights lie; without it, it must hold all of them itself.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static OnnxFile Read(ReadOnlyMemory<byte> bytes, string name, string? folder = null) => Read(new HeldBytes(bytes), name, folder);

    /// <summary>What a TensorProto of its own holds, as in ONNX's test data.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static NumericArray ReadTensor(string path)
    {
        var (bytes, _) = WireScan.Check(new HeldBytes(File.ReadAllBytes(path)), TensorProto.Descriptor, path);
        return new TensorReader(path, folder: null).Read(Parse(TensorProto.Parser, bytes, path));
    }

    private static OnnxFile Read(ByteSource source, string name, string? folder)
    {
        var (skeleton, initialisers) = WireScan.Check(source, ModelProto.Descriptor, name);
        return Open(Parse(ModelProto.Parser, skeleton, name), source, initialisers, name, folder);
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, string name)
        where T : IMessage<T>
    {
        try
        {
            return parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new FileFormatException(name, "whole file", $"it cannot be parsed ({error.Message})", Damaged, error);
        }
    }

    private static OnnxFile Open(ModelProto model, ByteSource source, IReadOnlyList<RawData?> initialisers, string name, string? folder)
    {
        if (model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new FileFormatException(name, "graph", "it has no nodes.", "Name an ONNX model with a recurrent network in it.");
        }

        if (model.Functions.Count > 0)
        {
            throw new FileFormatException(
                name,
                $"function '{model.Functions[0].Name}'",
                "models that bring functions of their own are not supported.",
                "Export it with its functions inlined.");
        }

        if (model.Graph.SparseInitializer.Count > 0)
        {
            throw new FileFormatException(name, "graph", "sparse initialisers are not supported.", "Export it with dense ones.");
        }

        var opset = model.OpsetImport.FirstOrDefault(import => IsOnnx(import.Domain))?.Version
            ?? throw new FileFormatException(name, "opset_import", "it does not say which version of ONNX's operators it means.", Contradictory);
        if (opset is < OldestOpset or > NewestOpset)
        {
            throw new FileFormatException(
                name,
                "opset_import",
                $"it means version {opset} of ONNX's operators; {OldestOpset} to {NewestOpset} are supported.",
                opset < OldestOpset ? $"Export it with opset_version={OldestOpset} or higher." : $"Export it with opset_version={NewestOpset} or lower.");
        }

        return new OnnxFile(name, model, (int)opset, Initialise(model.Graph, source, initialisers, name, folder));
    }

    private static Dictionary<string, NumericArray> Initialise(GraphProto graph, ByteSource source, IReadOnlyList<RawData?> data, string name, string? folder)
    {
        var reader = new TensorReader(name, folder);
        var initialisers = new Dictionary<string, NumericArray>(graph.Initializer.Count, StringComparer.Ordinal);
        foreach (var (index, tensor) in graph.Initializer.Index())
        {
            if (tensor.Name.Length == 0 || initialisers.ContainsKey(tensor.Name))
            {
                throw new FileFormatException(name, $"initialiser '{tensor.Name}'", "its name is empty or taken.", Contradictory);
            }

            var array = data[index] is { } place ? reader.Read(tensor, source, place) : reader.Read(tensor);
            initialisers.Add(tensor.Name, array);
            Settle(tensor, array);
        }

        return initialisers;
    }

    // A weight is held once. What else is constant is small, and kept as it was.
    private static void Settle(TensorProto tensor, NumericArray array)
    {
        if (array.Data is long[] integers)
        {
            if (integers.Length <= MaxKept && tensor.Int64Data.Count == 0)
            {
                tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(integers));
            }

            return;
        }

        tensor.RawData = ByteString.Empty;
        tensor.FloatData.Clear();
        tensor.FloatData.Capacity = 0;
        tensor.DoubleData.Clear();
        tensor.DoubleData.Capacity = 0;
    }
}
