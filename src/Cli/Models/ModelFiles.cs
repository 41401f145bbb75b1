using System.CommandLine;
using Fleet.Interchange;
using Fleet.Interchange.Networks;
using Fleet.Interchange.PyTorch;
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
        catch (IOException full) when (DiskRoom.IsWanting(full))
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

/// <summary>What a PyTorch state dict does not tell, as options.</summary>
internal sealed class StateDictOptions
{
    private readonly Option<string?> nonlinearity = new("--nonlinearity") { Description = "Of a PyTorch RNN: tanh or relu", HelpName = "NAME" };
    private readonly Option<string?> answers = new("--answers") { Description = "Of a PyTorch model: whether its linear layer answers each step or the sequence (default: step if it tells tokens)", HelpName = "step|sequence" };
    private readonly Option<string?> head = new("--head") { Description = "Of a PyTorch model: its linear layer, where several could be it", HelpName = "NAME" };
    private readonly Option<string?> embedding = new("--embedding") { Description = "Of a PyTorch model: its embedding, where several could be it", HelpName = "NAME" };

    public StateDictOptions()
    {
        nonlinearity.AcceptOnlyFromAmong("tanh", "relu");
        answers.AcceptOnlyFromAmong("step", "sequence");
    }

    public void AddTo(Command command)
    {
        command.Options.Add(nonlinearity);
        command.Options.Add(answers);
        command.Options.Add(head);
        command.Options.Add(embedding);
    }

    public StateDictHints Hints(Invocation invocation) => new(
        invocation.Get(nonlinearity),
        invocation.Get(answers) is { } told ? told == "step" : null,
        invocation.Get(head),
        invocation.Get(embedding));

    /// <exception cref="CommandFailedException">The file is no model, or not one that is supported.</exception>
    public ExchangedModel Read(Invocation invocation, string path) => ModelFiles.Guard(path, () => ModelExchange.Read(path, Hints(invocation)));
}
