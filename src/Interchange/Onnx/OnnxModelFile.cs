using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx.Export;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Graphs;
using Fleet.Interchange.Onnx.Import;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Google.Protobuf;

namespace Fleet.Interchange.Onnx;

/// <summary>Models as ONNX files.</summary>
public static class OnnxModelFile
{
    /// <summary>Metadata key under which a file of Fleet says what model it is.</summary>
    private const string FleetKey = "fleet";

    // Of the results of one run together: a GB.
    private const long MaxBytes = 1 << 30;

    // ONNX's IR of the time of the operators that are written.
    private const int IrVersion = 8;

    /// <summary>Reads a file as a model of Fleet.</summary>
    /// <exception cref="FileFormatException">
    /// The file is no ONNX model, is damaged, or its graph is not one recurrent network; the message names the node.
    /// </exception>
    /// <exception cref="IOException">It, or a file with its weights, cannot be read.</exception>
    public static ExchangedModel Read(string path) => Read(OnnxFile.Read(path), WeightMethods.Registry);

    /// <param name="name">What messages call the file.</param>
    /// <param name="folder">Where files with its weights lie; without it, it must hold all of them itself.</param>
    /// <param name="methods">Those that a model exported by Fleet may name; those of this version, if none are given.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static ExchangedModel Read(ReadOnlyMemory<byte> bytes, string name, string? folder = null, MethodRegistry? methods = null) =>
        Read(OnnxFile.Read(bytes, name, folder), methods ?? WeightMethods.Registry);

    /// <summary>A model as the bytes of an ONNX file.</summary>
    /// <exception cref="NotSupportedException">The model has a cell that ONNX cannot express.</exception>
    public static byte[] ToBytes(ModelDocument document)
    {
        var model = Model(ModelGraph.Write(document.Structure, name => document.Tensors[name]));
        model.MetadataProps.Add(new StringStringEntryProto { Key = FleetKey, Value = ModelFile.Describe(document) });
        return model.ToByteArray();
    }

    /// <summary>
    /// A file of one step of a model, for runtimes that are to run it step by step: <c>input</c> [1, batch, features], <c>output</c>
    /// [1, batch, outputs], and the state of each layer l as <c>h.l</c> and <c>c.l</c> in, <c>h.l.next</c> and <c>c.l.next</c> out: [1, batch, hidden].
    /// </summary>
    /// <exception cref="NotSupportedException">The model reads sequences from their end, or ONNX cannot express a part of it.</exception>
    public static byte[] ToStepBytes(ModelDocument document) => Model(ModelGraph.WriteStep(document.Structure, name => document.Tensors[name])).ToByteArray();

    /// <summary>Runs a graph node by node as it is; its recurrent nodes run on Fleet's kernels.</summary>
    /// <param name="inputs">By name.</param>
    /// <returns>The graph's outputs by name, in the graph's order.</returns>
    /// <exception cref="FileFormatException">A node is not supported, contradicts itself, or an input is missing; the message names it.</exception>
    public static IReadOnlyList<KeyValuePair<string, NumericArray>> Run(string path, IReadOnlyDictionary<string, NumericArray> inputs)
    {
        var file = OnnxFile.Read(path);
        var outputs = new GraphRunner(file, MaxBytes).Run(inputs);
        return [.. file.Graph.Output.Select((output, index) => KeyValuePair.Create(output.Name, outputs[index]))];
    }

    /// <summary>Names of what a graph has to be fed, in its order.</summary>
    public static IReadOnlyList<string> Inputs(string path) => [.. OnnxFile.Read(path).Inputs.Select(input => input.Name)];

    /// <summary>The array in a file that holds one TensorProto, such as those of ONNX's test data.</summary>
    /// <exception cref="FileFormatException">It holds none.</exception>
    public static NumericArray ReadTensor(string path) => OnnxFile.ReadTensor(path);

    private static ModelProto Model(GraphProto graph) => new()
    {
        IrVersion = IrVersion,
        ProducerName = "fleet",
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = ModelGraph.Opset } },
    };

    private static ExchangedModel Read(OnnxFile file, MethodRegistry methods)
    {
        var description = file.Model.MetadataProps.LastOrDefault(property => property.Key == FleetKey)?.Value;
        if (description is not null && file.Graph.Node.Any(node => node.OpType == "Scan"))
        {
            return new ExchangedModel(Restore(file, description, methods), ModelOrigin.Onnx, BatchFirst: false, []);
        }

        var found = NetworkImport.Find(file);
        var document = NetworkDocument.Create(found.Network, "onnx", file.Name);
        return new ExchangedModel(
            description is null ? document : Named(document, description, file.Name),
            ModelOrigin.Onnx,
            found.BatchFirst,
            found.LeftOut) { LogSoftmax = found.LogSoftmax };
    }

    // Structures are told by the description alone, so the graph must be the one that is written for them, node for node.
    private static ModelDocument Restore(OnnxFile file, string description, MethodRegistry methods)
    {
        var document = ModelFile.Restore(description, file.Name, structure => ModelGraph.Restore(structure, file.Initialisers), methods);
        if (ModelFile.FindFault(document) is var (place, cause))
        {
            throw new FileFormatException(file.Name, place, cause, OnnxFile.Damaged);
        }

        return ModelGraph.Write(document.Structure, tensor: null).Equals(file.Graph)
            ? document
            : throw new FileFormatException(
                file.Name,
                $"metadata '{FleetKey}'",
                "it says which model Fleet wrote here, but the graph is another one.",
                "Import the model that it was exported from.");
    }

    // What a graph cannot hold (labels, task, whether classes of a step are tokens) is taken from the description, if it describes this model.
    private static ModelDocument Named(ModelDocument document, string description, string file)
    {
        try
        {
            var described = ModelFile.Restore(description, file, _ => document.Tensors);
            var (one, other) = (described.Structure, document.Structure);
            return one with { Head = other.Head } == other && one.Head with { Kind = other.Head.Kind } == other.Head
                && one.AnswersEachStep == other.AnswersEachStep
                ? described
                : document;
        }
        catch (FileFormatException)
        {
            return document;
        }
    }
}
