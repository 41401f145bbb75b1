using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Cli.Campaigns;

/// <summary>What a campaign makes of a model that was trained elsewhere: whether it fits the task, and what the silo is told of it.</summary>
internal static class CampaignModel
{
    /// <summary>Why the task's data cannot be given to the model, or why its compressed forms could not be trained: all that differs.</summary>
    /// <param name="readsTokens">The task is one of tokens.</param>
    public static IEnumerable<string> Misfits(ModelDocument model, ModelImport import, TaskData data, bool readsTokens)
    {
        var structure = model.Structure;
        var (lowest, head) = (structure.Layers[0].Shape, structure.Head);
        if (readsTokens != structure.Embedding is not null)
        {
            yield return readsTokens
                ? $"it reads {lowest.Input} features a step, but {data.Task} has tokens: a model of tokens begins with an embedding."
                : $"it reads tokens through an embedding, but {data.Task} has {data.Input} features a step.";
        }
        else if (structure.Embedding is { } embedding && embedding.Vocabulary != data.Classes)
        {
            yield return $"its vocabulary has {embedding.Vocabulary} tokens, but that of {data.Task} {data.Classes}.";
        }
        else if (structure.Embedding is null && lowest.Input != data.Input)
        {
            yield return $"it reads {lowest.Input} features a step, but {data.Task} has {data.Input}.";
        }

        if (head.Kind != (readsTokens ? HeadKind.Language : HeadKind.Sequence))
        {
            yield return head.Kind switch
            {
                HeadKind.None => "it has no linear layer behind the recurrent ones, so it has no classes.",
                HeadKind.Sequence => $"it answers once a sequence, but {data.Task} wants the next token at every step.",
                _ => $"it answers at every step, but {data.Task} wants one answer for a whole sequence.",
            };
        }
        else if (head.Outputs != data.Classes)
        {
            yield return $"it has {head.Outputs} classes, but {data.Task} has {data.Classes}.";
        }

        foreach (var fault in Untrainable(structure))
        {
            yield return fault;
        }

        if (structure.Normalised && (import.ByTask || import.Mean is not null))
        {
            yield return "it normalises its features itself: leave 'normalise' out.";
        }
        else if (import.Mean is { } mean && mean.Count != lowest.Input)
        {
            yield return $"it reads {lowest.Input} features a step, but 'normalise' has a mean of {mean.Count}.";
        }
    }

    /// <summary>
    /// The model with nothing that its file says beside the network: so the same network has the same hash. A softmax at the end is
    /// left out, which changes no answer; what was done to its features is added.
    /// </summary>
    public static ModelDocument Bare(ModelDocument model, ModelImport import, string source)
    {
        var structure = model.Structure with { Head = model.Structure.Head with { Softmax = false } };
        var tensors = model.Tensors.ToDictionary();
        if (import is { Mean: { } mean, Deviation: { } deviation })
        {
            structure = structure with { Normalised = true };
            tensors[ModelDocument.Mean] = new Tensor(ModelDocument.Mean, [mean.Count], Floats(mean));
            tensors[ModelDocument.Scale] = new Tensor(ModelDocument.Scale, [mean.Count], Floats(deviation.Select(value => 1 / value)));
        }

        return new ModelDocument(new ModelMetadata { Source = source, Labels = model.Metadata.Labels }, structure, tensors);
    }

    public static ImportedModel Describe(ModelStructure structure, string sha256) => new()
    {
        Sha256 = sha256,
        Cell = CellNames.NameOf(structure.Layers[0].Shape)!,
        Hidden = structure.Layers[0].Shape.Hidden,
        Layers = structure.Layers.Count,
        Bidirectional = structure.Layers[0].Direction == LayerDirection.Bidirectional,
        Embedding = structure.Embedding?.Width,
    };

    // A campaign's variants have layers of one kind and size, all in one direction or all in both.
    private static IEnumerable<string> Untrainable(ModelStructure structure)
    {
        var lowest = structure.Layers[0];
        if (structure.Precision != Precision.Fp32)
        {
            yield return "its weights are int8: give the model with weights in fp32.";
        }

        if (structure.Layers.Any(layer => layer.Direction == LayerDirection.Reverse))
        {
            yield return "a layer reads sequences from the last step to the first only: a campaign's layers read forward, or in both directions.";
        }

        if (CellNames.NameOf(lowest.Shape) is null)
        {
            yield return "its LSTM has peepholes, with which no variant can be trained.";
        }

        foreach (var (layer, index) in structure.Layers.Select((layer, index) => (layer, index)).Skip(1))
        {
            if (layer.Direction != lowest.Direction || layer.Shape with { Input = lowest.Shape.Input } != lowest.Shape)
            {
                yield return $"its layer {index} is {Text(layer)}, but layer 0 is {Text(lowest)}: a campaign's layers are of one kind and size.";
            }
        }

        foreach (var (prefix, cell) in structure.Cells())
        {
            foreach (var (name, matrix) in cell.Matrices.Where(pair => pair.Matrix is not DenseStructure))
            {
                yield return $"{prefix}{name} is {matrix.Method}: a model to compress is dense.";
            }
        }
    }

    private static string Text(LayerStructure layer) =>
        $"{(layer.Direction == LayerDirection.Forward ? "" : $"{layer.Direction.ToString().ToLowerInvariant()} ")}"
            + $"{CellNames.NameOf(layer.Shape) ?? layer.Shape.Kind} of {layer.Shape.Hidden} units";

    private static float[] Floats(IEnumerable<double> values) => [.. values.Select(value => (float)value)];
}
