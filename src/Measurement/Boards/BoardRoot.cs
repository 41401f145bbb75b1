using System.Globalization;

namespace Fleet.Measurement.Boards;

/// <summary>
/// Where a board's readings are found: a root folder in place of <c>/</c>, and folders in which its commands are looked for.
/// Both can be moved, so that a folder can stand for a board.
/// </summary>
public sealed class BoardRoot
{
    private readonly string root;
    private readonly IReadOnlyList<string> commandFolders;

    /// <param name="root">The folder that holds <c>sys</c> and <c>proc</c>.</param>
    /// <param name="commandFolder">The only folder in which commands are looked for; null: those of <c>PATH</c>.</param>
    public BoardRoot(string root = "/", string? commandFolder = null)
    {
        this.root = root;
        commandFolders = commandFolder is not null
            ? [commandFolder]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        IsMoved = Path.GetFullPath(root) != "/" || commandFolder is not null;
    }

    /// <summary>What is read is not this machine: whatever is measured beside it counts as emulated.</summary>
    public bool IsMoved { get; }

    /// <summary>The full path of a file or folder given by its path under the root, without a leading slash.</summary>
    public string PathOf(string path) => Path.Combine(root, path);

    /// <summary>The text of a file, without white space or NULs at its ends; null where it cannot be read.</summary>
    public string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(PathOf(path)).Trim(' ', '\t', '\r', '\n', '\0');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A whole number that is all that a file holds; null where it cannot be read.</summary>
    public long? ReadNumber(string path) =>
        long.TryParse(ReadText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : null;

    public bool Exists(string path) => Path.Exists(PathOf(path));

    /// <summary>Paths under the root of the folders in <paramref name="path"/> whose names match, in the order of their names.</summary>
    public IReadOnlyList<string> Folders(string path, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(PathOf(path), pattern)
                .Select(folder => Path.Combine(path, Path.GetFileName(folder)))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The full path of a command; null where there is none.</summary>
    public string? FindCommand(string name) =>
        commandFolders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
