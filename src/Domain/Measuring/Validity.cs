using System.Text.Json.Serialization;

namespace Fleet.Domain.Measuring;

[JsonConverter(typeof(JsonStringEnumConverter<Validity>))]
public enum Validity
{
    [JsonStringEnumMemberName("valid")]
    Valid,
    [JsonStringEnumMemberName("suspect")]
    Suspect,
    [JsonStringEnumMemberName("invalid")]
    Invalid,
}
