namespace Fleet.Tasks.Data;

/// <summary>A task: what the sequences are, what the classes are called and how well a model does is counted.</summary>
/// <param name="Name">As campaign files write it: <c>uci-har</c>.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Channels">Names of the features of a time step, in their order.</param>
/// <param name="Steps">Time steps a sequence.</param>
/// <param name="SampleRateHz">Time steps a second; 0 where steps take no time of their own.</param>
/// <param name="Labels">Names of the classes; label 0 is the first. None where the data names them: a vocabulary.</param>
/// <param name="Metric">How a model is judged: <c>accuracy</c>, <c>nats</c>.</param>
/// <param name="NeedsFolder">The data set must be given as a folder; otherwise the product makes it itself.</param>
public sealed record TaskDefinition(
    string Name,
    string Description,
    IReadOnlyList<string> Channels,
    int Steps,
    double SampleRateHz,
    IReadOnlyList<string> Labels,
    string Metric,
    bool NeedsFolder)
{
    /// <summary>A step is a token of a stream, and each has an answer: which comes next. Otherwise sequences of features have a label each.</summary>
    public bool ReadsTokens { get; init; }

    public int Input => Channels.Count;

    public int Classes => Labels.Count;
}
