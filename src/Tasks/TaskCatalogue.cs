using Fleet.Tasks.Data;
using Fleet.Tasks.Language;
using Fleet.Tasks.Opportunity;
using Fleet.Tasks.Packs;
using Fleet.Tasks.Speech;
using Fleet.Tasks.Speech.Commands;
using Fleet.Tasks.Synthetic;
using Fleet.Tasks.UciHar;

namespace Fleet.Tasks;

/// <summary>The tasks of this build. A new one is its definition, its reader, and its line here.</summary>
public static class TaskCatalogue
{
    private static readonly (TaskDefinition Task, Func<string?, TaskDataSet> Load)[] Sequences =
    [
        (UciHarFolder.Task, folder => UciHarFolder.Read(folder!)),
        (SyntheticHar.Task, _ => SyntheticHar.Make()),
        (SpokenDigitsFolder.Task, folder => SpokenDigitsFolder.Read(folder!)),
        (SyntheticDigits.Task, _ => SyntheticDigits.Make()),
        (OpportunityFolder.Task, folder => OpportunityFolder.Read(folder!)),
        (SpeechCommandsFolder.Task, folder => SpeechCommandsFolder.Read(folder!)),
        (SpeechCommandsFolder.TwelveClassTask, folder => SpeechCommandsFolder.ReadTwelveClasses(folder!)),
    ];

    private static readonly (TaskDefinition Task, Func<string?, TokenDataSet> Load)[] Texts =
    [
        (CharacterText.Task, path => CharacterText.Read(path!)),
        (WordText.Task, folder => WordText.Read(folder!)),
        (SyntheticText.Task, _ => SyntheticText.Make()),
    ];

    public static IReadOnlyList<TaskDefinition> All { get; } = [.. Sequences.Select(entry => entry.Task), .. Texts.Select(entry => entry.Task)];

    public static TaskDefinition? Find(string name) => All.FirstOrDefault(task => task.Name == name);

    /// <summary>Reads or makes the data of a task of sequences.</summary>
    /// <param name="folder">The data set's folder where <see cref="TaskDefinition.NeedsFolder"/>; otherwise not looked at.</param>
    /// <exception cref="TaskDataException">The task is unknown or one of texts, its folder is not given, or the data is wrong.</exception>
    public static TaskDataSet Load(string task, string? folder) => Load(Sequences, task, folder);

    /// <summary>Reads or makes the data of a task of texts.</summary>
    /// <inheritdoc cref="Load(string, string?)"/>
    public static TokenDataSet LoadTokens(string task, string? folder) => Load(Texts, task, folder);

    /// <summary>Reads or makes a task's data and packs its two parts. The same data gives the same bytes.</summary>
    /// <inheritdoc cref="Load(string, string?)"/>
    public static PackedTask Pack(string task, string? folder) => Find(task) switch
    {
        { ReadsTokens: true } definition => Pack(definition, LoadTokens(task, folder)),
        { } definition => Pack(definition, Load(task, folder)),
        null => throw Unknown(task),
    };

    private static T Load<T>((TaskDefinition Task, Func<string?, T> Load)[] entries, string task, string? folder)
    {
        var entry = Array.Find(entries, entry => entry.Task.Name == task);
        if (entry.Task is null)
        {
            throw Unknown(task);
        }

        return entry.Task.NeedsFolder && string.IsNullOrEmpty(folder)
            ? throw new TaskDataException($"Task {task} needs its data: give the folder of the data set with --data DIR.")
            : entry.Load(folder);
    }

    private static TaskDataException Unknown(string task) => new($"Unknown task '{task}'. Known tasks: {string.Join(", ", All.Select(known => known.Name))}.");

    /// <summary>Packs the two parts of sequences that are read already. The same data gives the same bytes.</summary>
    public static PackedTask Pack(TaskDefinition task, TaskDataSet data) => new(
        task.Name,
        new PackedSet(Describe(task, PackMetadata.TrainingSplit, data.Notes), data.Training).Pack(),
        new PackedSet(Describe(task, PackMetadata.TestSplit, data.Notes), data.Test).Pack(),
        task.Input,
        task.Steps,
        task.Classes,
        data.Training.Samples,
        data.Test.Samples)
    {
        Summary = $"{data.Training.Samples} training and {data.Test.Samples} test sequences of {task.Steps} steps x {task.Input} features,"
            + $" {task.Classes} classes",
    };

    private static PackedTask Pack(TaskDefinition task, TokenDataSet data)
    {
        return new PackedTask(
            task.Name,
            new PackedTokens(Describe(PackMetadata.TrainingSplit), task.Steps, data.Training, data.Validation).Pack(),
            new PackedTokens(Describe(PackMetadata.TestSplit), task.Steps, data.Test, []).Pack(),
            task.Input,
            task.Steps,
            data.Vocabulary.Count,
            data.Training.Length,
            data.Test.Length)
        {
            Summary = $"{data.Training.Length} training, {data.Validation.Length} validation and {data.Test.Length} test tokens,"
                + $" {data.Vocabulary.Count} in the vocabulary"
                + $" ({data.Notes[LanguageTask.UnknownInTest]} of the test tokens are not;"
                + $" {data.Notes[LanguageTask.LeftOut]} beyond the first {LanguageTask.MaxTestTokens} are left out)",
        };

        PackMetadata Describe(string split) => TaskCatalogue.Describe(task, split, data.Notes) with
        {
            Kind = PackMetadata.TokenKind,
            Labels = data.Vocabulary,
            Steps = task.Steps,
        };
    }

    private static PackMetadata Describe(TaskDefinition task, string split, IReadOnlyDictionary<string, string> notes) => new()
    {
        Task = task.Name,
        Split = split,
        Metric = task.Metric,
        Labels = task.Labels,
        Channels = task.Channels,
        SampleRateHz = task.SampleRateHz,
        Notes = new SortedDictionary<string, string>(notes.ToDictionary(), StringComparer.Ordinal),
    };
}
