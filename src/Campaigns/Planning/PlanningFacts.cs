using Fleet.Domain.Campaigns;

namespace Fleet.Campaigns.Planning;

/// <summary>What a plan needs to know of the fleet that would carry it out.</summary>
public sealed record PlanningFacts
{
    /// <summary>Keys of the variants that are trained already.</summary>
    public IReadOnlySet<string> Ready { get; init; } = new HashSet<string>();

    public IReadOnlyCollection<PastTraining> Trained { get; init; } = [];

    public int TrainingsAtOnce { get; init; } = 1;

    /// <summary>
    /// Multiply-accumulates that the machine that trains does in a second: from them follows what no training here has shown; null where
    /// they are not known.
    /// </summary>
    public double? MacsPerSecond { get; init; }

    /// <summary>Devices that match the campaign's tags.</summary>
    public IReadOnlyList<PlannedDevice> Devices { get; init; } = [];

    /// <summary>What a run of the task took on average, sessions' overhead included; null where none was measured yet.</summary>
    public double? SecondsPerRun { get; init; }
}
