using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Os.Files;

namespace Fleet.Os.Transfer;

/// <summary>What a part file is a part of, kept beside it: only a server that still has the same file may send the rest.</summary>
internal sealed record PartOrigin(Uri Url, string? EntityTag, DateTimeOffset? LastModified, long? Bytes)
{
    /// <summary>What makes the server send the whole file if it has another by now; null where nothing tells the one from the other.</summary>
    [JsonIgnore]
    public RangeConditionHeaderValue? Condition => this switch
    {
        { EntityTag: { } tag } => new RangeConditionHeaderValue(tag),
        { LastModified: { } modified } => new RangeConditionHeaderValue(modified),
        _ => null,
    };

    public static PartOrigin Of(Uri url, HttpResponseMessage response) => new(
        url,
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null,
        response.Content.Headers.LastModified,
        response.Content.Headers.ContentLength);

    /// <summary>Null where it is not known that the part is one of this file.</summary>
    public static PartOrigin? Read(string part, Uri url)
    {
        try
        {
            var path = PathOf(part);
            var origin = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PartOriginJson.Default.PartOrigin) : null;
            return origin?.Url == url ? origin : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string part) => DurableFile.Write(PathOf(part), JsonSerializer.SerializeToUtf8Bytes(this, PartOriginJson.Default.PartOrigin));

    /// <summary>Deletes the part, and what is known of it.</summary>
    public static void Discard(string part)
    {
        File.Delete(part);
        File.Delete(PathOf(part));
    }

    private static string PathOf(string part) => part + ".json";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(PartOrigin))]
internal sealed partial class PartOriginJson : JsonSerializerContext;
