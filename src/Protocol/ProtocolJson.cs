using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;
using Fleet.Domain.Reasons;
using Fleet.Domain.Recipes;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Protocol.Api;
using Fleet.Protocol.Training;

namespace Fleet.Protocol;

/// <summary>JSON of everything that crosses a process: snake case, nulls written (a column is never missing), no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(ResultRow[]))]
[JsonSerializable(typeof(List<ResultRow>))]
[JsonSerializable(typeof(Reason))]
[JsonSerializable(typeof(Recipe))]
[JsonSerializable(typeof(TrainingJob))]
[JsonSerializable(typeof(TrainingEvent))]
[JsonSerializable(typeof(TrainedModel))]
[JsonSerializable(typeof(CampaignFile))]
[JsonSerializable(typeof(CampaignCheck))]
[JsonSerializable(typeof(TaskData))]
[JsonSerializable(typeof(CampaignSubmission))]
[JsonSerializable(typeof(CampaignCreated))]
[JsonSerializable(typeof(CampaignPlan))]
[JsonSerializable(typeof(CampaignPlan[]))]
[JsonSerializable(typeof(CampaignCreated[]))]
[JsonSerializable(typeof(CampaignTable[]))]
[JsonSerializable(typeof(CampaignSummary[]))]
[JsonSerializable(typeof(CampaignDetail))]
[JsonSerializable(typeof(CampaignEvent))]
[JsonSerializable(typeof(CampaignTable))]
[JsonSerializable(typeof(JobSummary[]))]
[JsonSerializable(typeof(DeviceSummary[]))]
[JsonSerializable(typeof(SiloDescription))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ProtocolJson : JsonSerializerContext
{
    /// <summary>The same for people: indented.</summary>
    public static ProtocolJson Indented => field ??= new(new JsonSerializerOptions(Default.Options) { WriteIndented = true });
}
