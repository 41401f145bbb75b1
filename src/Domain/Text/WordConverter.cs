using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Domain.Text;

/// <summary>An enum in JSON is its word (<see cref="Words{T}"/>), and never a number. Generated schemas list the words.</summary>
public sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
