using System.Text.Json.Serialization;

namespace Fleet.Cli.Data;

/// <summary>What the folder of data sets keeps about them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DataLock))]
internal sealed partial class DataJson : JsonSerializerContext;
