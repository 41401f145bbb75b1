using Fleet.Domain.Campaigns;

namespace Fleet.Campaigns.Language;

/// <summary>Gathers all mistakes of one file, so that they are reported at once.</summary>
/// <param name="cancel">Whoever asked does not wait any longer: reading ends.</param>
internal sealed class ProblemList(string source, CancellationToken cancel)
{
    private readonly List<FileProblem> problems = [];

    public int Count => problems.Count;

    public void Add(Place at, string message, string? suggestion = null) => problems.Add(new FileProblem
    {
        Source = source,
        Line = at.Line,
        Column = at.Column,
        Message = message,
        Suggestion = suggestion,
    });

    /// <summary>Takes over those of another list that are not here yet: what campaigns share is wrong only once.</summary>
    public void Add(ProblemList others) => problems.AddRange(others.problems.Except(problems));

    /// <exception cref="OperationCanceledException">Nobody waits for them any longer.</exception>
    public void ThrowIfCancelled() => cancel.ThrowIfCancellationRequested();

    /// <summary>An empty list of the same file.</summary>
    public ProblemList Another() => new(source, cancel);

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<FileProblem> InOrder() => [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];
}
