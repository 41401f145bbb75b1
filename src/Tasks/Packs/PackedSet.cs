using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Packs;

/// <summary>
/// One part of a task's data as a file: safetensors with <c>inputs</c> f32 [samples, steps, features], <c>labels</c> u16 [samples],
/// where the data names persons <c>groups</c> u16 [samples], and <see cref="PackMetadata"/>. The same data gives the same bytes.
/// </summary>
public sealed record PackedSet(PackMetadata Metadata, SequenceSet Data) : TaskPack(Metadata)
{
    private const string Inputs = "inputs";
    private const string Labels = "labels";
    private const string Groups = "groups";

    /// <inheritdoc cref="TaskPack.Read"/>
    public static new PackedSet Read(ReadOnlyMemory<byte> bytes, string name) =>
        TaskPack.Read(bytes, name) as PackedSet
        ?? throw Wrong(name, $"metadata '{SafetensorsFile.FleetKey}'", "the pack holds a stream of tokens, but sequences of features are expected.");

    private protected override IEnumerable<Tensor> Tensors()
    {
        yield return new Tensor(Inputs, [Data.Samples, Data.Steps, Data.Features], Data.Inputs);
        yield return new Tensor(Labels, [Data.Samples], Data.Labels);
        if (Data.Groups is { } groups)
        {
            yield return new Tensor(Groups, [Data.Samples], groups);
        }
    }

    internal static PackedSet Of(PackMetadata metadata, SafetensorsFile file, string name)
    {
        if (!file.Tensors.TryGetValue(Inputs, out var inputs) || inputs is not { Data: float[] values, Shape: [var samples, var steps, var features] })
        {
            throw Wrong(name, $"tensor '{Inputs}'", "it is missing, or is not f32 [samples, steps, features].");
        }

        if (!file.Tensors.TryGetValue(Labels, out var stored) || stored is not { Data: ushort[] labels, Shape: [var count] })
        {
            throw Wrong(name, $"tensor '{Labels}'", "it is missing, or is not u16 [samples].");
        }

        if (samples == 0 || steps == 0 || features != metadata.Channels.Count)
        {
            throw Wrong(
                name,
                $"tensor '{Inputs}'",
                $"its shape is [{samples}, {steps}, {features}], but at least one sample"
                    + $" of at least one step with {metadata.Channels.Count} channels is expected.");
        }

        if (count != samples)
        {
            throw Wrong(name, $"tensor '{Labels}'", $"it has {count} labels for {samples} samples.");
        }

        var stray = Array.FindIndex(labels, label => label >= metadata.Labels.Count);
        return stray < 0
            ? new PackedSet(metadata, new SequenceSet(steps, features, values, labels) { Groups = ReadGroups(file, samples, name) })
            : throw Wrong(name, $"tensor '{Labels}'", $"label {labels[stray]} of sample {stray} has no name; the task has {metadata.Labels.Count} classes.");
    }

    private static ushort[]? ReadGroups(SafetensorsFile file, int samples, string name)
    {
        if (!file.Tensors.TryGetValue(Groups, out var stored))
        {
            return null;
        }

        return stored is { Data: ushort[] groups, Shape: [var count] } && count == samples
            ? groups
            : throw Wrong(name, $"tensor '{Groups}'", $"it is not u16 [{samples}], one person's number for each sample.");
    }
}
