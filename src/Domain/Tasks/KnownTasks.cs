namespace Fleet.Domain.Tasks;

/// <summary>
/// The tasks of this build by name and shape, for those who judge a campaign file without the data at hand.
/// What a bound data set says of its own shape wins over this.
/// </summary>
public static class KnownTasks
{
    public static IReadOnlyList<KnownTask> All { get; } =
    [
        new("uci-har", Input: 9, Metric: "accuracy") { Twin = "synthetic-har" },
        new("synthetic-har", Input: 9, Metric: "accuracy"),
        new("spoken-digits", Input: 10, Metric: "accuracy") { Twin = "synthetic-digits" },
        new("synthetic-digits", Input: 10, Metric: "accuracy"),
        new("opportunity", Input: 77, Metric: "accuracy") { Twin = "synthetic-har" },
        new("speech-commands", Input: 10, Metric: "accuracy") { Twin = "synthetic-digits" },
        new("speech-commands-12", Input: 10, Metric: "accuracy") { Twin = "synthetic-digits" },
        new("char-lm", Input: 1, Metric: "nats") { ReadsTokens = true, Twin = "synthetic-lm" },
        new("word-lm", Input: 1, Metric: "nats") { ReadsTokens = true, Twin = "synthetic-lm" },
        new("synthetic-lm", Input: 1, Metric: "nats") { ReadsTokens = true },
    ];

    private const int LongestName = 64;

    private static readonly string[] FileEndings = [".yaml", ".yml"];

    /// <summary>Whether a campaign file's <c>task</c> is no name, but a task file that describes one's own data.</summary>
    public static bool IsFile(string task) => FileEndings.Any(ending => task.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a task of one's own may be called so.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0]) && !IsFile(name)
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    public static KnownTask? Find(string name) => All.FirstOrDefault(task => task.Name == name);

    /// <summary>How a task judges models; one of a person's own, which this build does not know, by accuracy.</summary>
    public static TaskMetric MetricOf(string task) => TaskMetric.Of(Find(task)?.Metric ?? "accuracy");
}

/// <summary>A task: its data set's shape and its metric.</summary>
/// <param name="Input">Features a time step; 1 where a step is a token.</param>
/// <param name="Metric">What a result's <c>metric</c> is called.</param>
public sealed record KnownTask(string Name, int Input, string Metric)
{
    /// <summary>A step is a token, so that the first layer reads an embedding.</summary>
    public bool ReadsTokens { get; init; }

    /// <summary>The task of the same application whose data the product makes itself; null where this is one.</summary>
    public string? Twin { get; init; }
}
