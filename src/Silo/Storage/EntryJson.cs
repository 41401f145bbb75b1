using System.Text.Json.Serialization;
using Fleet.Grains.Ports;

namespace Fleet.Silo.Storage;

/// <summary>JSON of the index's entries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(CampaignEntry))]
[JsonSerializable(typeof(DeviceEntry))]
[JsonSerializable(typeof(JobEntry))]
internal sealed partial class EntryJson : JsonSerializerContext;
