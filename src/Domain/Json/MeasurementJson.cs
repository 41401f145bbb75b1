using System.Text.Json.Serialization;
using Fleet.Domain.Measuring;

namespace Fleet.Domain.Json;

/// <summary>
/// JSON of a measurement, as <see cref="DomainJson"/> writes everything else. By itself, for a board writes nothing else: whatever a context knows is in
/// the binary that uses it.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(RunMeasurement))]
public sealed partial class MeasurementJson : JsonSerializerContext;
