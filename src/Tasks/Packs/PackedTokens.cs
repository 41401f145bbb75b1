using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;

namespace Fleet.Tasks.Packs;

/// <summary>
/// A stream of tokens: <c>tokens</c> u16 [n], and in the training pack <c>validation</c> u16 [m], the stream that chooses between
/// epochs. The vocabulary stands where other packs have the names of their classes.
/// </summary>
/// <param name="Steps">Tokens a window.</param>
/// <param name="Validation">Empty in the test pack.</param>
public sealed record PackedTokens(PackMetadata Metadata, int Steps, ushort[] Tokens, ushort[] Validation) : TaskPack(Metadata)
{
    private const string Stream = "tokens";
    private const string ValidationStream = "validation";

    /// <inheritdoc cref="TaskPack.Read"/>
    public static new PackedTokens Read(ReadOnlyMemory<byte> bytes, string name) =>
        TaskPack.Read(bytes, name) as PackedTokens
        ?? throw Wrong(name, $"metadata '{SafetensorsFile.FleetKey}'", "the pack holds sequences of features, but a stream of tokens is expected.");

    internal static PackedTokens Of(PackMetadata metadata, SafetensorsFile file, string name)
    {
        if (metadata.Steps is not (>= 1 and var steps) || metadata.Labels.Count is < 2 or > ushort.MaxValue + 1)
        {
            throw Wrong(
                name,
                $"metadata '{SafetensorsFile.FleetKey}'",
                $"steps is {metadata.Steps?.ToString() ?? "missing"} and the vocabulary has {metadata.Labels.Count} tokens,"
                    + $" but at least 1 step and 2 to {ushort.MaxValue + 1} tokens are expected.");
        }

        var isTraining = metadata.Split == PackMetadata.TrainingSplit;
        return new PackedTokens(metadata, steps, Read(Stream), isTraining ? Read(ValidationStream) : []);

        ushort[] Read(string tensor)
        {
            var place = $"tensor '{tensor}'";
            if (!file.Tensors.TryGetValue(tensor, out var stored) || stored is not { Data: ushort[] tokens, Shape.Count: 1 })
            {
                throw Wrong(name, place, "it is missing, or is not u16 [tokens].");
            }

            if (tokens.Length <= steps)
            {
                throw Wrong(name, place, $"it has {tokens.Length} tokens, but a window of {steps} and what comes after it are expected.");
            }

            var stray = Array.FindIndex(tokens, token => token >= metadata.Labels.Count);
            return stray < 0
                ? tokens
                : throw Wrong(name, place, $"token {tokens[stray]} at {stray} has no name; the vocabulary has {metadata.Labels.Count} tokens.");
        }
    }

    private protected override IEnumerable<Tensor> Tensors()
    {
        yield return new Tensor(Stream, [Tokens.Length], Tokens);
        if (Metadata.Split == PackMetadata.TrainingSplit)
        {
            yield return new Tensor(ValidationStream, [Validation.Length], Validation);
        }
    }
}
