using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Jobs;

/// <param name="Model">Set when the variant is ready.</param>
public sealed record JobView(JobSummary Summary, TrainedModel? Model)
{
    public bool Ready => Summary.State == JobStatus.Ready;

    public bool Failed => Summary.State == JobStatus.Failed;

    /// <summary>It will not change by itself.</summary>
    public bool Settled => Ready || Failed;
}
