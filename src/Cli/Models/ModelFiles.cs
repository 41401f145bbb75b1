using System.CommandLine;
using Fleet.Interchange;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;

namespace Fleet.Cli.Models;

/// <summary>Model files as commands are given them: the argument, what a state dict needs beside it, and how mistakes are told.</summary>
internal static class ModelFiles
{
    public static Argument<string> Argument() => new("FILE") { Description = "A model: ONNX, or safetensors of Fleet or with a PyTorch state dict" };

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
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage(error.Message);
        }
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
    public ExchangedModel Read(Invocation invocation, string path) => ModelFiles.Guard(() => ModelExchange.Read(path, Hints(invocation)));
}
