using System.Text.Json;

namespace Fleet.DeviceAgent.Worker;

/// <summary>A line of the worker's standard output. Which values are set depends on the kind.</summary>
internal sealed record WorkerEvent
{
    /// <summary>One of <see cref="WorkerEventKind"/>.</summary>
    public required string Kind { get; init; }
    /// <summary>Progress: of the session, 0 to 1.</summary>
    public double? Share { get; init; }
    /// <summary>Waiting and progress: what goes on. Failure: why.</summary>
    public string? Text { get; init; }
    /// <summary>Failure: the code of the reason, whose detail is the text.</summary>
    public string? Code { get; init; }
    /// <summary>Result and failure.</summary>
    public string? Run { get; init; }
    /// <summary>Result and failure: when measuring of the run began.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>Result: a RunMeasurement, handed on as it is.</summary>
    public JsonElement? Measurement { get; init; }
}

/// <summary>Words, and no enumeration: each of those that JSON knows costs the boards' binary 35 KB.</summary>
internal static class WorkerEventKind
{
    /// <summary>For the machine lock.</summary>
    public const string Waiting = "waiting";

    public const string Progress = "progress";
    public const string Result = "result";
    public const string Failure = "failure";

    public static bool IsKnown(string kind) => kind is Waiting or Progress or Result or Failure;
}
