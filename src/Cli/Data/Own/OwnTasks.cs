using Fleet.Cli.Failures;
using Fleet.Tasks;
using Fleet.Tasks.Data;
using Fleet.Tasks.Packs;

namespace Fleet.Cli.Data.Own;

/// <summary>One part of a person's own data, read.</summary>
/// <param name="Source">What messages call it.</param>
/// <param name="Persons">Of each sample, or null.</param>
internal sealed record OwnPart(string Source, int Steps, float[] Inputs, ushort[] Labels, string[]? Persons);

/// <summary>Packs the data that a task file describes, as <see cref="TaskCatalogue"/> does with the tasks of Fleet.</summary>
internal static class OwnTasks
{
    /// <exception cref="CommandFailedException">The task file is wrong.</exception>
    /// <exception cref="TaskDataException">Its data is wrong; file, and line or sample, are named.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static PackedTask Pack(string path)
    {
        var task = TaskFile.Read(path);
        var (training, test) = (Read(task.Training, task), Read(task.Test, task));
        if (training.Steps != test.Steps)
        {
            throw new TaskDataException($"{test.Source} has {test.Steps} steps a sample, but {training.Source} has {training.Steps}.");
        }

        if (training.Inputs.AsSpan().SequenceEqual(test.Inputs))
        {
            throw new TaskDataException(
                $"{test.Source} has the samples of {training.Source}: a model would be judged by what it has learnt. Keep samples back for the test"
                    + " part that the training part does not have.");
        }

        var definition = new TaskDefinition(
            task.Task, task.Description, task.Channels, training.Steps, task.SampleRateHz, task.Labels, "accuracy", NeedsFolder: false);
        return TaskCatalogue.Pack(definition, new TaskDataSet(
            Set(training, task) with { Groups = training.Persons is { } persons ? PersonNumbers.Of(persons, training.Source) : null },
            Set(test, task),
            new SortedDictionary<string, string> { ["source"] = $"task file {Path.GetFileName(path)}" }));
    }

    private static OwnPart Read(PartFiles files, TaskFile task) => files.Labels is null ? CsvPart.Read(files.Inputs, task) : NpyPart.Read(files, task);

    private static SequenceSet Set(OwnPart part, TaskFile task)
    {
        var present = part.Labels.ToHashSet();
        var empty = Enumerable.Range(0, task.Labels.Count).FirstOrDefault(label => !present.Contains((ushort)label), -1);
        return empty < 0
            ? new SequenceSet(part.Steps, task.Channels.Count, part.Inputs, part.Labels)
            : throw new TaskDataException($"{part.Source} has no sample of '{task.Labels[empty]}'. Every label needs one in each part.");
    }
}
