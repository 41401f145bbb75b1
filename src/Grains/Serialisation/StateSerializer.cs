using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Campaigns.Json;
using Fleet.Grains.Serialisation.Former;
using Orleans.Serialization;
using Orleans.Storage;

namespace Fleet.Grains.Serialisation;

/// <summary>
/// What grains keep, as <c>{"version":1,"state":{...}}</c>. JSON, for the state of a stopped silo can then be read with any tool, and a type that moves
/// changes nothing. What version 0.1.0 wrote, in Orleans' own binary form, is read as <see cref="FormerStates"/>.
/// </summary>
internal sealed class StateSerializer(Serializer former) : IGrainStorageSerializer
{
    private const int Version = 1;

    // No binary payload begins so: it would be a field of a fixed width of 32 bits, and those payloads begin with an object.
    private const byte JsonStart = (byte)'{';

    public BinaryData Serialize<T>(T? input)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, Version);
            writer.WritePropertyName("state"u8);
            JsonSerializer.Serialize(writer, input!, Info<T>());
            writer.WriteEndObject();
        }

        return BinaryData.FromBytes(buffer.WrittenMemory);
    }

    /// <exception cref="JsonException">It is damaged, or of a version that is not known yet.</exception>
    public T Deserialize<T>(BinaryData input)
    {
        var bytes = input.ToMemory();
        if (bytes.IsEmpty || bytes.Span[0] != JsonStart)
        {
            return FormerStates.Read<T>(former, bytes);
        }

        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        if (!root.TryGetProperty("version"u8, out var version) || !version.TryGetInt32(out var number) || !root.TryGetProperty("state"u8, out var state))
        {
            throw new JsonException("It has no version and state.");
        }

        return number == Version
            ? state.Deserialize(Info<T>()) ?? throw new JsonException("Its state is null.")
            : throw new JsonException(string.Create(
                CultureInfo.InvariantCulture, $"It is of version {number}; this silo reads version {Version}. Start a newer one."));
    }

    private static JsonTypeInfo<T> Info<T>() =>
        (JsonTypeInfo<T>?)CampaignsJson.Default.GetTypeInfo(typeof(T))
            ?? throw new NotSupportedException($"{typeof(T)} is not among the states that are kept.");
}
