using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Networks;

/// <summary>An imported network as a model of Fleet.</summary>
internal static class NetworkDocument
{
    /// <param name="source">The program or format that it comes from: <c>onnx</c>, <c>pytorch</c>.</param>
    /// <param name="file">What messages call the file.</param>
    /// <exception cref="FileFormatException">The network is larger than Fleet's models can be, or has a weight that is not finite.</exception>
    public static ModelDocument Create(ImportedNetwork network, string source, string file)
    {
        var layers = network.Layers.Select(Layer).ToArray();
        var structure = new ModelStructure(
            network.Embedding is { } table ? new EmbeddingStructure(table.Rows, table.Columns) : null,
            network.Normalisation is not null,
            layers,
            Head(network));
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var spec in ModelDocument.Expected(structure))
        {
            tensors.Add(spec.Name, new Tensor(spec.Name, spec.Shape, Data(network, structure, spec.Name)));
        }

        var document = new ModelDocument(new ModelMetadata { Source = source }, structure, tensors);
        return ModelFile.FindFault(document) is var (place, cause)
            ? throw new FileFormatException(file, place, cause, "docs/interchange.md lists what can be imported.")
            : document;
    }

    private static HeadStructure Head(ImportedNetwork network) => network.Head is not { } head
        ? new HeadStructure(HeadKind.None)
        : new HeadStructure(
            !head.PerStep ? HeadKind.Sequence : head.Weight.Rows == network.Embedding?.Rows ? HeadKind.Language : HeadKind.Step,
            head.Weight.Rows,
            head.Softmax);

    private static LayerStructure Layer(ImportedLayer layer)
    {
        var kind = layer.Cell switch
        {
            ImportedCell.Lstm => CellShape.Lstm,
            ImportedCell.GruResetBefore or ImportedCell.GruResetAfter => CellShape.Gru,
            _ => CellShape.Rnn,
        };
        var shape = new CellShape(kind, layer.Input, layer.Hidden)
        {
            ResetBefore = layer.Cell == ImportedCell.GruResetBefore,
            Relu = layer.Cell == ImportedCell.RnnRelu,
            Peepholes = layer.Directions.Any(direction => direction.Peepholes is not null),
        };
        var direction = layer.Directions.Count == 2 ? LayerDirection.Bidirectional : layer.Reverse ? LayerDirection.Reverse : LayerDirection.Forward;
        return new LayerStructure(direction, [.. layer.Directions.Select(_ => CellStructure.Dense(shape))]);
    }

    private static float[] Data(ImportedNetwork network, ModelStructure structure, string name)
    {
        switch (name)
        {
            case ModelDocument.Embedding:
                return network.Embedding!.Weights;
            case ModelDocument.Mean:
                return network.Normalisation!.Mean;
            case ModelDocument.Scale:
                return network.Normalisation!.Scale;
            case ModelDocument.HeadWeight:
                return network.Head!.Weight.Weights;
            case ModelDocument.HeadBias:
                return network.Head!.Bias;
        }

        for (var index = 0; index < structure.Layers.Count; index++)
        {
            var layer = structure.Layers[index];
            for (var place = 0; place < layer.Cells.Count; place++)
            {
                var prefix = ModelDocument.CellPrefix(index, layer.IsReverse(place));
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return CellData(layer.Shape, network.Layers[index].Directions[place], name[prefix.Length..]);
                }
            }
        }

        throw new NotSupportedException($"No imported network has a tensor '{name}'.");
    }

    private static float[] CellData(CellShape shape, ImportedDirection weights, string name)
    {
        return name switch
        {
            $"{CellTensors.Input}.weight" => weights.Input,
            $"{CellTensors.Recurrent}.weight" => weights.Recurrent,
            $"{CellTensors.Candidate}.weight" => weights.Candidate!,
            CellTensors.Bias => Bias(shape, weights),
            CellTensors.CandidateBias => weights.RecurrentBias[(2 * shape.Hidden)..],
            CellTensors.Peepholes => weights.Peepholes ?? new float[3 * shape.Hidden],
            _ => throw new NotSupportedException($"No imported cell has a tensor '{name}'."),
        };
    }

    // Both biases are summed, except that of a candidate which is multiplied by the reset gate.
    private static float[] Bias(CellShape shape, ImportedDirection weights)
    {
        var merged = shape is { Kind: CellShape.Gru, ResetBefore: false } ? 2 * shape.Hidden : weights.InputBias.Length;
        return [.. weights.InputBias.Select((value, row) => row < merged ? value + weights.RecurrentBias[row] : value)];
    }
}
