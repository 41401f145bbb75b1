using Fleet.Domain.Measuring;

namespace Fleet.DeviceAgent.Worker;

/// <summary>What the measuring worker is to do: a file in the agent's work folder, written whole before the worker starts.</summary>
internal sealed record WorkerPlan
{
    public required string Session { get; init; }
    public required string Task { get; init; }
    /// <summary>Orders the rounds.</summary>
    public required ulong Seed { get; init; }
    public required ProtocolSettings Settings { get; init; }
    public required WorkerFile TestSet { get; init; }
    public required IReadOnlyList<WorkerVariant> Variants { get; init; }
    /// <summary>Key of one of the variants.</summary>
    public required string Reference { get; init; }
    /// <summary>Where the worker notes settings of the board that it changes, so that the agent puts them back if it dies.</summary>
    public required string SettingsToRestore { get; init; }
}

/// <summary>A file that is used only if these are its bytes.</summary>
internal sealed record WorkerFile(string Path, string Sha256);

/// <param name="Runs">What it answers; empty for a reference whose runs are closed already.</param>
internal sealed record WorkerVariant(string Variant, string Name, WorkerFile Model, IReadOnlyList<WorkerRun> Runs);

/// <param name="Condition">As <see cref="ConditionText"/> spells it.</param>
internal sealed record WorkerRun(string Run, string Condition);
