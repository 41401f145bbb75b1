using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Os.Files;

namespace Fleet.Os.State;

/// <summary>The content of <c>silo.json</c>, by which commands find the silo of a state folder.</summary>
public sealed record SiloAddress
{
    public const string FileName = "silo.json";

    public required int ProcessId { get; init; }
    public required string Http { get; init; }
    public required string Grpc { get; init; }
    public required string Version { get; init; }

    /// <summary>Reads <c>silo.json</c>; null where there is none or it is not whole (a silo that died while it wrote).</summary>
    public static SiloAddress? TryRead(string stateFolder)
    {
        try
        {
            using var file = PrivateFile.OpenRead(Path.Combine(stateFolder, FileName));
            return JsonSerializer.Deserialize(file, SiloAddressJson.Default.SiloAddress);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes <c>silo.json</c> atomically.</summary>
    public void Write(string stateFolder)
    {
        var path = Path.Combine(stateFolder, FileName);
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, SiloAddressJson.Default.SiloAddress));
    }
}

/// <summary>JSON of the file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SiloAddress))]
public sealed partial class SiloAddressJson : JsonSerializerContext
{
    /// <summary>The same for people: indented.</summary>
    public static SiloAddressJson Indented => field ??= new(new JsonSerializerOptions(Default.Options) { WriteIndented = true });
}
