using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>Whether metadata, structure and tensors of a model agree.</summary>
internal static class ModelCheck
{
    /// <summary>The first contradiction in a model, or null.</summary>
    public static (string Place, string Cause)? FindFault(ModelDocument document)
    {
        var (metadata, structure, tensors) = document;
        if ((ModelStructures.FindFault(structure) ?? FindFault(metadata, structure)) is { } cause)
        {
            return ($"metadata '{SafetensorsFile.FleetKey}'", cause + ".");
        }

        var expected = ModelDocument.Expected(structure);
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
                var wanted = $"{spec.Type} [{string.Join(", ", spec.Shape)}]";
                return ($"tensor '{spec.Name}'", $"it is {tensor.Type} {tensor.ShapeText}; {wanted} is what the metadata ask for.");
            }
        }

        if (tensors.Keys.Except(expected.Select(spec => spec.Name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } surplus)
        {
            return ($"tensor '{surplus}'", "a model of this structure has no such tensor.");
        }

        foreach (var spec in expected.Where(spec => spec.Type == ElementType.I8))
        {
            var name = TensorSpec.ScaleName(spec.Name);
            if (tensors[name].Floats.IndexOfAnyExceptInRange(float.Epsilon, float.MaxValue) is >= 0 and var index)
            {
                return ($"tensor '{name}'", $"element {index} is {tensors[name].Floats[index]}, but a scale is greater than zero and finite.");
            }
        }

        foreach (var (prefix, cell) in structure.Cells())
        {
            foreach (var (name, matrix) in cell.Matrices)
            {
                if (matrix.FindFault(tensor => tensors[$"{prefix}{name}.{tensor}"]) is var (tensor, fault))
                {
                    return ($"tensor '{prefix}{name}.{tensor}'", fault);
                }
            }
        }

        return null;
    }

    private static string? FindFault(ModelMetadata metadata, ModelStructure structure)
    {
        if (metadata.Steps < 1)
        {
            return $"steps is {metadata.Steps}, but must be at least 1";
        }

        var labels = metadata.Labels;
        if (labels.Count > 0 && (labels.Count != structure.Head.Outputs || labels.Any(string.IsNullOrWhiteSpace) || labels.Distinct().Count() != labels.Count))
        {
            return $"labels must name all {structure.Head.Outputs} outputs, each once, or none; there are {labels.Count}";
        }

        return null;
    }
}
