using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.DeviceAgent.Worker;

/// <summary>A line of the worker's standard output. Which values are set depends on the kind.</summary>
internal sealed record WorkerEvent
{
    public required WorkerEventKind Kind { get; init; }
    /// <summary>Progress: of the session, 0 to 1.</summary>
    public double? Share { get; init; }
    /// <summary>Waiting and progress: what goes on. Failure: why.</summary>
    public string? Text { get; init; }
    /// <summary>Result and failure.</summary>
    public string? Run { get; init; }
    /// <summary>Result and failure: when measuring of the run began.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>Result: a RunMeasurement, handed on as it is.</summary>
    public JsonElement? Measurement { get; init; }
}

internal enum WorkerEventKind
{
    /// <summary>For the machine lock.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("progress")]
    Progress,

    [JsonStringEnumMemberName("result")]
    Result,

    [JsonStringEnumMemberName("failure")]
    Failure,
}
