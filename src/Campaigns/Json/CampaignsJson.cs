using System.Text.Json.Serialization;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Devices;
using Fleet.Domain.Text;
using Fleet.Domain.Measuring;

namespace Fleet.Campaigns.Json;

/// <summary>JSON of what the control plane keeps and of what its parts send to one another: snake case, without what is computed.</summary>
// The words of a condition's enums are named here and not at the enums, for whatever stands there is in the binary of every board.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(WordConverter<InferenceMode>), typeof(WordConverter<MeasuringPhase>), typeof(WordConverter<ClockPolicy>)])]
[JsonSerializable(typeof(CampaignState))]
[JsonSerializable(typeof(DeviceState))]
[JsonSerializable(typeof(JobState))]
[JsonSerializable(typeof(CampaignEntry))]
[JsonSerializable(typeof(DeviceEntry))]
[JsonSerializable(typeof(JobEntry))]
[JsonSerializable(typeof(CampaignSpecification))]
[JsonSerializable(typeof(CampaignCommand))]
[JsonSerializable(typeof(CampaignNotice))]
[JsonSerializable(typeof(CampaignView))]
[JsonSerializable(typeof(RunPlace))]
[JsonSerializable(typeof(SessionProgress))]
[JsonSerializable(typeof(Submitted))]
[JsonSerializable(typeof(DeviceOffer))]
[JsonSerializable(typeof(SessionProposal))]
[JsonSerializable(typeof(JobDemand))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobSettlement))]
[JsonSerializable(typeof(HeldLease))]
[JsonSerializable(typeof(EnrolAnswer))]
[JsonSerializable(typeof(DeviceHeartbeat))]
[JsonSerializable(typeof(HeartbeatReply))]
[JsonSerializable(typeof(WorkReply))]
[JsonSerializable(typeof(DeviceReport))]
[JsonSerializable(typeof(ReportReply))]
[JsonSerializable(typeof(SessionEnd))]
[JsonSerializable(typeof(DeviceSummary))]
[JsonSerializable(typeof(RivalAgent))]
public sealed partial class CampaignsJson : JsonSerializerContext;
