using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Json;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Running;
using Orleans.Serialization;

namespace Fleet.Grains.Serialisation.Former;

/// <summary>
/// The states as version 0.1.0 kept them, by Orleans' generated code under these aliases and numbers. The types of this folder never change; their JSON is
/// that of version 1 of today's states, and is read as such.
/// </summary>
internal static class FormerStates
{
    /// <exception cref="JsonException">It is no state that was ever kept.</exception>
    public static T Read<T>(Serializer serializer, ReadOnlyMemory<byte> bytes)
    {
        var json = typeof(T) == typeof(CampaignState) ? Json<FormerCampaignState>(serializer, bytes)
            : typeof(T) == typeof(DeviceState) ? Json<FormerDeviceState>(serializer, bytes)
            : typeof(T) == typeof(JobState) ? Json<FormerJobState>(serializer, bytes)
            : throw new NotSupportedException($"Version 0.1.0 kept no {typeof(T).Name}.");
        return (T?)JsonSerializer.Deserialize(json, typeof(T), CampaignsJson.Default) ?? throw new JsonException("It is null.");
    }

    private static byte[] Json<TFormer>(Serializer serializer, ReadOnlyMemory<byte> bytes) =>
        JsonSerializer.SerializeToUtf8Bytes(serializer.Deserialize<TFormer>(bytes), typeof(TFormer), FormerJson.Default);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FormerCampaignState))]
[JsonSerializable(typeof(FormerDeviceState))]
[JsonSerializable(typeof(FormerJobState))]
internal sealed partial class FormerJson : JsonSerializerContext;
