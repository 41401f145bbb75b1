using Fleet.Tasks.Data;
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
    private static readonly (TaskDefinition Task, Func<string?, TaskDataSet> Load)[] Entries =
    [
        (UciHarFolder.Task, folder => UciHarFolder.Read(folder!)),
        (SyntheticHar.Task, _ => SyntheticHar.Make()),
        (SpokenDigitsFolder.Task, folder => SpokenDigitsFolder.Read(folder!)),
        (SyntheticDigits.Task, _ => SyntheticDigits.Make()),
        (OpportunityFolder.Task, folder => OpportunityFolder.Read(folder!)),
        (SpeechCommandsFolder.Task, folder => SpeechCommandsFolder.Read(folder!)),
        (SpeechCommandsFolder.TwelveClassTask, folder => SpeechCommandsFolder.ReadTwelveClasses(folder!)),
    ];

    public static IReadOnlyList<TaskDefinition> All { get; } = [.. Entries.Select(entry => entry.Task)];

    public static TaskDefinition? Find(string name) => All.FirstOrDefault(task => task.Name == name);

    /// <summary>Reads or makes a task's data.</summary>
    /// <param name="folder">The data set's folder where <see cref="TaskDefinition.NeedsFolder"/>; otherwise not looked at.</param>
    /// <exception cref="TaskDataException">The task is unknown, its folder is not given, or the data is wrong.</exception>
    public static TaskDataSet Load(string task, string? folder)
    {
        var entry = Array.Find(Entries, entry => entry.Task.Name == task);
        if (entry.Task is null)
        {
            throw new TaskDataException($"Unknown task '{task}'. Known tasks: {string.Join(", ", All.Select(known => known.Name))}.");
        }

        return entry.Task.NeedsFolder && string.IsNullOrEmpty(folder)
            ? throw new TaskDataException($"Task {task} needs its data: give the folder of the data set with --data DIR.")
            : entry.Load(folder);
    }

    /// <summary>Reads or makes a task's data and packs its two parts. The same data gives the same bytes.</summary>
    /// <inheritdoc cref="Load"/>
    public static PackedTask Pack(string task, string? folder)
    {
        var data = Load(task, folder);
        var definition = Find(task)!;
        return new PackedTask(
            task,
            Pack(definition, PackMetadata.TrainingSplit, data.Training, data.Notes),
            Pack(definition, PackMetadata.TestSplit, data.Test, data.Notes),
            definition.Input,
            definition.Steps,
            definition.Classes,
            data.Training.Samples,
            data.Test.Samples);
    }

    private static PackedFile Pack(TaskDefinition task, string split, SequenceSet data, IReadOnlyDictionary<string, string> notes)
    {
        var metadata = new PackMetadata
        {
            Task = task.Name,
            Split = split,
            Metric = task.Metric,
            Labels = task.Labels,
            Channels = task.Channels,
            SampleRateHz = task.SampleRateHz,
            Notes = new SortedDictionary<string, string>(notes.ToDictionary(), StringComparer.Ordinal),
        };
        return new PackedSet(metadata, data).Pack();
    }
}
