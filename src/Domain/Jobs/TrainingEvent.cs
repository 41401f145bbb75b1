using Fleet.Domain.Recipes;

namespace Fleet.Domain.Jobs;

/// <summary>One line of the trainer's standard output, as JSON.</summary>
public sealed record TrainingEvent
{
    public required TrainingEventKind Event { get; init; }
    public int? Epoch { get; init; }
    public int? Epochs { get; init; }
    public double? Loss { get; init; }
    /// <summary>The task's metric on the validation part.</summary>
    public double? Validation { get; init; }
    public double? SamplesPerSecond { get; init; }
    public double? SecondsLeft { get; init; }
    /// <summary>Set on <c>done</c>.</summary>
    public TrainedModel? Model { get; init; }
    /// <summary>Set on <c>failed</c> and <c>diverged</c>: what went wrong, in plain words.</summary>
    public string? Reason { get; init; }
    /// <summary>Set on <c>failed</c> where it failed because a disk is full: the same job goes on when there is room.</summary>
    public bool? OutOfSpace { get; init; }
}
