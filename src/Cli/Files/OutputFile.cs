using Fleet.Cli.Failures;
using Fleet.Os.Files;
using Fleet.Os.Processes;

namespace Fleet.Cli.Files;

/// <summary>A file that a command writes where the person said: whole or not at all, and what is in the way is told before any work is done.</summary>
internal static class OutputFile
{
    /// <param name="replace">A file of that name may be written over.</param>
    /// <exception cref="CommandFailedException">It could not be written there.</exception>
    public static void Check(string path, bool replace = true)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path))
        {
            throw CommandFailedException.Usage($"{path} is a folder.", $"Name a file in it, for example {Path.Combine(path, "model.safetensors")}");
        }

        if (folder is not null && !Directory.Exists(folder))
        {
            throw CommandFailedException.Usage(
                File.Exists(folder)
                    ? $"{path} cannot be written: {folder} is a file, not a folder."
                    : $"{path} cannot be written: there is no folder {folder}.",
                File.Exists(folder) ? null : $"Make it first: mkdir -p '{folder}'");
        }

        if (!replace && File.Exists(path))
        {
            throw CommandFailedException.Usage($"{path} exists already.", "Give another name, or write over it with --replace.");
        }
    }

    /// <exception cref="CommandFailedException">It cannot be written; what was there before stays as it was.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <inheritdoc cref="Write(string, ReadOnlyMemory{byte})"/>
    public static void Write(string path, Action<Stream> write)
    {
        Check(path);
        try
        {
            DurableFile.Write(path, write);
        }
        catch (IOException full) when (DiskSpace.IsExhausted(full))
        {
            throw new CommandFailedException(
                ExitCodes.Failed, $"{path} cannot be written: {full.Message}", "Free some space, or give another place with --out.");
        }
        catch (UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage(
                $"{path} cannot be written: you may not write into {Path.GetDirectoryName(Path.GetFullPath(path))}.", "Give another place with --out.");
        }
        catch (IOException error)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"{path} cannot be written: {error.Message}");
        }
    }
}
