using System.Collections.Immutable;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Devices;
using Fleet.Domain.Text;
using Fleet.Protocol.Messages;
using Fleet.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using AgentState = Fleet.Protocol.V1.AgentState;

namespace Fleet.Silo.Gateway;

/// <summary>Between the messages of fleet.proto and the grains' records.</summary>
internal static class WireFormat
{
    private const string Engine = "fleet";

    public static DeviceDescription Description(Hello hello) => new()
    {
        Device = hello.Device,
        Name = hello.Name,
        AgentVersion = hello.AgentVersion,
        Board = hello.Board.Model,
        Arch = hello.Board.Arch,
        Isa = hello.Board.Isa,
        Cores = hello.Board.Cores,
        MemoryBytes = hello.Board.MemoryBytes,
        Os = hello.Board.Os,
        Kernel = hello.Board.Kernel,
        Runtime = hello.Board.Runtime,
        Emulated = hello.Board.Emulated,
        Machine = hello.Board.Machine,
        GivenTags = hello.Tags.ToImmutableSortedDictionary(),
    };

    public static HeldLease? Held(string session, ulong epoch) => session.Length == 0 ? null : new HeldLease(session, epoch);

    public static DeviceHeartbeat Heartbeat(Heartbeat heartbeat) => new()
    {
        State = heartbeat.State switch
        {
            AgentState.Preparing => DeviceStatus.Preparing,
            AgentState.WaitingForMachine => DeviceStatus.Waiting,
            AgentState.Measuring => DeviceStatus.Measuring,
            _ => DeviceStatus.Idle,
        },
        Held = Held(heartbeat.Session, heartbeat.Epoch),
        Progress = DoorCheck.Share(heartbeat.Progress),
        Activity = PlainText.Clean(heartbeat.Activity, PlainText.MaxName),
        Telemetry = DoorCheck.Telemetry(heartbeat.Telemetry),
    };

    public static DeviceReport Report(RunReport report, DateTimeOffset now)
    {
        var (startedAt, fault) = DoorCheck.StartedAt(report, now);
        return new DeviceReport
        {
            Run = report.Run,
            Session = report.Session,
            Epoch = report.Epoch,
            Variant = report.Variant,
            ModelSha256 = report.ModelSha256,
            StartedAt = startedAt,
            Measurement = report.Measurement.Memory,
            Failure = DoorCheck.Failure(report) ?? fault,
        };
    }

    public static ReportAnswer Answer(RunReport report, ReportReply reply) => new()
    {
        Run = report.Run,
        Session = report.Session,
        Outcome = reply.Outcome switch
        {
            ReportDecision.Stored => ReportOutcome.Stored,
            ReportDecision.Superseded => ReportOutcome.Superseded,
            ReportDecision.Rejected => ReportOutcome.Rejected,
            _ => ReportOutcome.Retry,
        },
        Reason = reply.Reason,
    };

    public static Lease Lease(WorkReply reply)
    {
        var (granted, offer) = (reply.Granted!, reply.Granted!.Offer);
        var measuring = offer.Measuring;
        return new Lease
        {
            Session = granted.Session,
            Epoch = granted.Epoch,
            Until = Timestamp.FromDateTimeOffset(reply.Until),
            Campaign = offer.Campaign,
            Task = offer.Task,
            Replicate = offer.Replicate,
            Seed = Identity.Seed(offer.Campaign, granted.Session),
            Protocol = new MeasuringProtocol
            {
                RatioWidth = measuring.RatioWidth,
                MinRounds = measuring.MinRounds,
                MaxRounds = measuring.MaxRounds,
                TimeLimitSeconds = measuring.TimeLimit.TotalSeconds,
                BlockSeconds = measuring.Block.TotalSeconds,
                GateCelsius = measuring.GateCelsius ?? 0,
                GateLimitSeconds = measuring.GateLimit?.TotalSeconds ?? 0,
                InvalidRetries = measuring.InvalidRetries ?? 0,
            },
            TestSet = new Artefact { Sha256 = offer.TestSha256, Bytes = reply.TestBytes },
            Variants = { offer.Variants.Select(Variant) },
            Reference = offer.Reference,
            Engine = Engine,
        };
    }

    private static LeasedVariant Variant(SessionVariant variant) => new()
    {
        Variant = variant.Variant.Key,
        Name = variant.Variant.Name,
        Model = new Artefact { Sha256 = variant.Model.Sha256, Bytes = variant.Model.Bytes },
        ReferenceOnly = variant.ReferenceOnly,
        Runs =
        {
            variant.Runs.Select(run => ConditionMessages.ToMessage(run.Run, run.Condition)),
        },
    };
}
