using System.Text.Json.Serialization;
using Fleet.Domain.Reasons;
using Fleet.Domain.Recipes;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;

namespace Fleet.Domain.Json;

/// <summary>JSON of what is stored and sent: snake case, nulls written (a column is never missing), no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(ResultRow))]
[JsonSerializable(typeof(Reason))]
[JsonSerializable(typeof(Recipe))]
[JsonSerializable(typeof(TaskData))]
[JsonSerializable(typeof(TrainedModel))]
public sealed partial class DomainJson : JsonSerializerContext;
