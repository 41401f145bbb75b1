using System.CommandLine;
using Fleet.Cli.Failures;
using Fleet.Kernels.Models;
using Fleet.Os.Files;

namespace Fleet.Cli.Models;

/// <summary>Model files as commands are given them: the argument, what a state dict needs beside it, and how mistakes are told.</summary>
internal static class ModelFiles
{
    private static readonly string[] Endings = [".onnx", ".safetensors", ".pt", ".pth", ".bin"];

    public static Argument<string> Argument() => new("FILE") { Description = "A model: ONNX, or safetensors of Fleet or with a PyTorch state dict" };

    /// <summary>
    /// Whether a name stands for a file and not for a trained variant: what exists is the file, and what has a folder before it or a
    /// model file's ending was meant to be one.
    /// </summary>
    public static bool IsMeant(string name) =>
        Path.Exists(name) || name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Runs what reads or writes model files; a mistake in one of them ends the command.</summary>
    /// <exception cref="CommandFailedException">A file is wrong, or cannot be read or written.</exception>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (FileFormatException wrong)
        {
            throw CommandFailedException.Usage(wrong.Message);
        }
        catch (NotSupportedException impossible)
        {
            throw CommandFailedException.Usage(impossible.Message);
        }
        catch (IOException full) when (DiskSpace.IsExhausted(full))
        {
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage(error.Message);
        }
    }

    /// <summary>As <see cref="Guard{T}(Func{T})"/>, of work that begins with reading <paramref name="path"/>.</summary>
    /// <exception cref="CommandFailedException">It is a folder, or is not there; or as there.</exception>
    public static T Guard<T>(string path, Func<T> work)
    {
        if (Directory.Exists(path))
        {
            throw CommandFailedException.Usage($"{path} is a folder, not a file.", "Name a file in it.");
        }

        return File.Exists(path) ? Guard(work) : throw CommandFailedException.Usage($"There is no file {path}.");
    }
}
