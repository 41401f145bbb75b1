using Fleet.Cli.Failures;

namespace Fleet.Cli.Data;

/// <summary>What <c>--data</c> said: <c>DIR</c> for the campaign's only task with a folder, <c>TASK=DIR</c> for one of several.</summary>
internal sealed class DataFolders
{
    private readonly Dictionary<string, string> byTask = new(StringComparer.Ordinal);
    private readonly string? only;

    /// <exception cref="CommandFailedException">Two folders for one task, or an empty one.</exception>
    public DataFolders(IEnumerable<string> options)
    {
        foreach (var option in options)
        {
            // A folder may hold a '=' in its name; a task may not hold a separator.
            var cut = option.IndexOf('=');
            var task = cut > 0 && option.AsSpan(0, cut).IndexOfAny('/', '\\', '.') < 0 ? option[..cut] : null;
            var folder = task is null ? option : option[(cut + 1)..];
            if (folder.Length == 0)
            {
                throw CommandFailedException.Usage($"--data {option} names no folder.", "Write --data DIR, or --data TASK=DIR.");
            }

            if (task is null ? only is not null : !byTask.TryAdd(task, folder))
            {
                throw CommandFailedException.Usage(
                    task is null ? "--data DIR was given twice." : $"--data was given twice for {task}.",
                    "With several tasks, write --data TASK=DIR for each.");
            }

            only = task is null ? folder : only;
        }
    }

    /// <summary>As <see cref="For"/>, where a folder may be missing: null then, too.</summary>
    /// <exception cref="CommandFailedException">A folder is given for a task that is not there.</exception>
    public IReadOnlyList<(string Task, string? Folder)> ForPlan(IReadOnlyList<string> tasks, Func<string, bool> needsFolder) =>
        only is null && byTask.Count == 0
            ? [.. tasks.Select(task => (task, (string?)null))]
            : For(tasks, task => needsFolder(task) && (only is not null || byTask.ContainsKey(task)));

    /// <summary>The folder for each of <paramref name="tasks"/> that needs one; null where the product makes the data itself.</summary>
    /// <param name="needsFolder">Does this task come as a folder?</param>
    /// <exception cref="CommandFailedException">A folder is missing, or given for a task that is not there.</exception>
    public IReadOnlyList<(string Task, string? Folder)> For(IReadOnlyList<string> tasks, Func<string, bool> needsFolder)
    {
        if (byTask.Keys.FirstOrDefault(task => !tasks.Contains(task)) is { } stray)
        {
            throw CommandFailedException.Usage(
                $"--data {stray}={byTask[stray]}: the campaign has no task {stray}.",
                Suggestions.DidYouMean(stray, tasks) ?? $"Its tasks: {string.Join(", ", tasks)}.");
        }

        var open = tasks.Where(task => needsFolder(task) && !byTask.ContainsKey(task)).ToList();
        if (open.Count == 0 && only is not null)
        {
            throw CommandFailedException.Usage($"--data {only}: no task of the campaign ({string.Join(", ", tasks)}) takes a folder.", "Leave --data out.");
        }

        if (open.Count > (only is null ? 0 : 1))
        {
            throw CommandFailedException.Usage(
                $"The campaign needs the data of {string.Join(" and ", open)}.",
                open.Count == 1
                    ? "Give the folder of the data set with --data DIR."
                    : $"Give each folder: {string.Join(' ', open.Select(task => $"--data {task}=DIR"))}");
        }

        return [.. tasks.Select(task => (task, needsFolder(task) ? byTask.GetValueOrDefault(task, only!) : null))];
    }
}
