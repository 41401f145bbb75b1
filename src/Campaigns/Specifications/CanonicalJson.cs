using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Campaigns.Specifications;

/// <summary>JSON with the keys of every object in ordinal order and no white space, so that equal contents have equal hashes however they were built.</summary>
internal static class CanonicalJson
{
    /// <summary>The first <paramref name="digits"/> hexadecimal digits of the SHA-256 of the canonical form.</summary>
    public static string Hash(JsonNode node, int digits)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, node);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)))[..digits];
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
