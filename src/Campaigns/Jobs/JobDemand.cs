using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Jobs;

/// <param name="Retry">A failure is tried again although this campaign has been told of it.</param>
public sealed record JobDemand(string Campaign, CompressionRequest Request, bool Retry);

/// <summary>Exactly one is set, or neither where the training was stopped.</summary>
public sealed record JobSettlement(TrainedModel? Model, string? Failure);
