using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Models;

/// <summary>Whether metadata, structure and tensors of a model agree.</summary>
internal static class ModelCheck
{
    // Column indices of pruned matrices have 16 bits.
    private const int MaxExtent = ushort.MaxValue;

    /// <exception cref="ArgumentException">The metadata describes no structure; the message says what is wrong.</exception>
    public static CellStructure Structure(ModelMetadata metadata)
    {
        if (metadata.Cell != CellShape.Lstm)
        {
            throw new ArgumentException($"cell '{metadata.Cell}' is unknown; known is {CellShape.Lstm}");
        }

        CheckExtent("input", metadata.Input);
        CheckExtent("hidden", metadata.Hidden);
        var shape = new CellShape(metadata.Cell, metadata.Input, metadata.Hidden);
        return new CellStructure(shape, Restore("input_matrix", shape, metadata.Input, metadata.InputMatrix), Restore("recurrent_matrix", shape, metadata.Hidden, metadata.RecurrentMatrix));
    }

    /// <summary>The first contradiction in a model, or null.</summary>
    public static (string Place, string Cause)? FindFault(ModelDocument document)
    {
        var (metadata, structure, tensors) = document;
        if (FindMetadataFault(metadata, structure) is { } cause)
        {
            return ($"metadata '{SafetensorsFile.FleetKey}'", cause);
        }

        var expected = ModelDocument.Expected(structure, metadata.Labels.Count);
        foreach (var spec in expected)
        {
            if (!tensors.TryGetValue(spec.Name, out var tensor))
            {
                return ($"tensor '{spec.Name}'", "it is missing.");
            }

            if (tensor.Name != spec.Name)
            {
                return ($"tensor '{spec.Name}'", $"it calls itself '{tensor.Name}'.");
            }

            if (tensor.Type != spec.Type || !tensor.Shape.SequenceEqual(spec.Shape))
            {
                return ($"tensor '{spec.Name}'", $"it is {tensor.Type} {tensor.ShapeText}; {spec.Type} [{string.Join(", ", spec.Shape)}] is what the metadata ask for.");
            }
        }

        if (tensors.Keys.Except(expected.Select(spec => spec.Name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } surplus)
        {
            return ($"tensor '{surplus}'", "a model of this structure has no such tensor.");
        }

        return FindFault(structure.Input, ModelDocument.InputPrefix, tensors) ?? FindFault(structure.Recurrent, ModelDocument.RecurrentPrefix, tensors);
    }

    private static string? FindMetadataFault(ModelMetadata metadata, CellStructure structure)
    {
        if (metadata.Steps < 1)
        {
            return $"steps is {metadata.Steps}, but must be at least 1.";
        }

        if (metadata.Labels.Count == 0 || metadata.Labels.Any(string.IsNullOrWhiteSpace) || metadata.Labels.Distinct().Count() != metadata.Labels.Count)
        {
            return "labels must name at least one class, each once.";
        }

        var described = Structure(metadata);
        return described == structure ? null : $"it describes {described}, but the structure is {structure}.";
    }

    private static (string Place, string Cause)? FindFault(MatrixStructure matrix, string prefix, IReadOnlyDictionary<string, Tensor> tensors) =>
        matrix.FindFault(name => tensors[prefix + name]) is var (tensor, cause) ? ($"tensor '{prefix}{tensor}'", cause) : null;

    private static MatrixStructure Restore(string place, CellShape shape, int columns, MatrixDescription description)
    {
        var method = WeightMethods.Find(description.Method)
            ?? throw new ArgumentException($"{place}: method '{description.Method}' is unknown; known are {string.Join(", ", WeightMethods.All.Select(known => known.Name))}");
        return method.Restore(shape.Gates, shape.Hidden, columns, description.Arguments);
    }

    private static void CheckExtent(string name, int extent)
    {
        if (extent is < 1 or > MaxExtent)
        {
            throw new ArgumentException($"{name} is {extent}, but must be 1 to {MaxExtent}");
        }
    }
}
